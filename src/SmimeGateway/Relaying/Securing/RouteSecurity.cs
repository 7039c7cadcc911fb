using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using SmimeGateway.Settings;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Securing;

/// <summary>How the connections of one route are encrypted: whose certificates are taken, and what the gateway shows of itself.</summary>
internal sealed class RouteSecurity : IAsyncDisposable
{
    // RFC 5280 section 4.2.1.12: a certificate for mail or code alone is none for a server.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly RouteOptions _route;
    private readonly TimeProvider _time;
    private readonly RootFiles? _roots;
    private readonly ConcurrentDictionary<string, string> _refusals = new(StringComparer.OrdinalIgnoreCase);

    public RouteSecurity(RouteOptions route, TimeProvider time, ILogger log)
    {
        _route = route;
        _time = time;
        _roots = route.Trust is { Roots.Count: > 0 } trust ? new RootFiles(trust.Roots, time, log) : null;
        Identity = route.Certificate is { } certificate ? new ClientIdentity(certificate, time) : null;
    }

    /// <summary>The gateway's own certificate, or null when it shows none.</summary>
    public ClientIdentity? Identity { get; }

    private bool IsJudged => _route.Tls is RouteTls.Required or RouteTls.Implicit;

    /// <summary>What the SMTP client is told; null without TLS.</summary>
    public ClientTls? MakeClientTls() => _route.Tls switch
    {
        RouteTls.Off => null,
        RouteTls.WhenOffered => new ClientTls(ClientTlsMode.WhenOffered, OptionsFor, FindRefusal),
        RouteTls.Required => new ClientTls(ClientTlsMode.Required, OptionsFor, FindRefusal),
        RouteTls.Implicit => new ClientTls(ClientTlsMode.Implicit, OptionsFor, FindRefusal),
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Identity?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The options of a handshake with a host.</summary>
    internal SslClientAuthenticationOptions OptionsFor(string host)
    {
        var name = _route.Trust?.Name ?? host;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = _route.MinimumVersion.AndLater(),

            // Asked for by nobody here: a responder that does not answer would stop the mail, and one that lies is not noticed.
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Judge(host, name, certificate, chain, errors),
            CertificateChainPolicy = IsJudged ? MakeChainPolicy() : null,
        };
        if (Identity?.FindContext() is { } context)
        {
            options.ClientCertificateContext = context;
        }

        return options;
    }

    private string? FindRefusal(string host) => _refusals.GetValueOrDefault(host);

    private bool Judge(string host, string name, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var refusal = IsJudged ? PeerJudgement.FindRefusal(_route.Trust, name, certificate as X509Certificate2, chain, errors) : null;
        if (refusal is null)
        {
            _refusals.TryRemove(host, out _);
            return true;
        }

        _refusals[host] = $"The certificate of {host} is refused: {refusal}.";
        return false;
    }

    private X509ChainPolicy MakeChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,

            // The issuers come with the handshake; a connection to one host must not make the gateway call others.
            DisableCertificateDownloads = true,
            VerificationTime = _time.GetUtcNow().UtcDateTime,
        };
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ServerAuthentication));
        if (_roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_roots.Read());
        }

        return policy;
    }
}
