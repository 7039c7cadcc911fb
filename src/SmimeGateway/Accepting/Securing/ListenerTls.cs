using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting.Securing;

/// <summary>The server's side of TLS for one listener: its certificate as of now, and what it demands of clients.</summary>
public sealed class ListenerTls : IAsyncDisposable
{
    // Half a minute covers every line and every slow signature; who takes longer holds a connection for nothing.
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(30);

    private readonly IOwnCertificateSource _source;
    private readonly string _listener;
    private readonly ListenerTlsOptions _options;
    private readonly ClientCertificateCheck _clients;
    private readonly TimeProvider _time;
    private readonly ILogger<ListenerTls> _log;
    private readonly Lock _gate = new();
    private long _version = -1;
    private SslStreamCertificateContext? _presented;
    private X509Certificate2? _presentedCertificate;

    /// <summary>Opens the certificate; whatever is wrong with it, handshakes fail until it is put right.</summary>
    public ListenerTls(ListenerOptions listener, TimeProvider time, ILogger<ListenerTls> log)
    {
        ArgumentNullException.ThrowIfNull(listener);
        _listener = listener.Name;
        _options = listener.Tls;
        _time = time;
        _log = log;
        _source = Open(listener, time);
        _clients = new ClientCertificateCheck(_options.ClientCertificates);
        FindPresented();
    }

    /// <summary>The certificates of a listener's files, watched.</summary>
    public static IOwnCertificateSource Open(ListenerOptions listener, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var tls = listener.Tls;
        var path = tls.Certificate ?? throw new ArgumentException("TLS needs a certificate.", nameof(listener));
        var password = tls.Password is { } secret ? new SecretReader(secret.File, secret.Env) : null;
        var source = $"listener \"{listener.Name}\"";
        return IsPkcs12(path)
            ? Pkcs12File.Open(source, path, password, time, FileNaming.Listener)
            : PemPair.Open(source, path, tls.Key, password, time, FileNaming.Listener);
    }

    /// <summary>True for the names that PKCS #12 files have.</summary>
    public static bool IsPkcs12(string path) => Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12";

    /// <summary>
    /// The certificate that is shown: of those with a usable key the one that is valid, else the one that ends last, so that a client
    /// hears what is wrong in its own words. An authority's own comes last, but it may be the only one: what people sign themselves is
    /// often both.
    /// </summary>
    public static OwnCertificate? Choose(IReadOnlyList<OwnCertificate> candidates, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return candidates
            .Where(candidate => candidate.JoinedKeyFault is null)
            .OrderBy(candidate => candidate.Traits.IsAuthority)
            .ThenByDescending(candidate => candidate.Traits.IsValidAt(now))
            .ThenByDescending(candidate => candidate.Traits.NotAfter)
            .FirstOrDefault();
    }

    /// <summary>The certificates of its files as of now, and what is wrong with these.</summary>
    public IOwnCertificateSource Source => _source;

    /// <summary>The certificate that is shown as of now; null when there is none.</summary>
    public OwnCertificate? Certificate => Choose(_source.All, _time.GetUtcNow());

    /// <summary>Holds the handshake. Every failure is logged once, with the client and the reason.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peers do not agree, or the listener has no certificate.</exception>
    /// <exception cref="IOException">The connection broke, or the client took too long.</exception>
    internal async ValueTask<SecuredTransport> SecureAsync(IDuplexPipe transport, SmtpSessionIdentity client, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(HandshakeTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var accepted = false;
        try
        {
            var options = Options(FindPresented() ?? throw new System.Security.Authentication.AuthenticationException("the listener has no certificate"));
            options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                accepted = _clients.Accepts(certificate, errors);
                return _clients.LetsPass(certificate, errors);
            };
            var secured = await SecuredPipe.AcceptAsync(transport, options, either.Token);
            return accepted ? secured : secured with { Facts = secured.Facts with { PeerCertificate = null } };
        }
        catch (OperationCanceledException)
        {
            var reason = patience.IsCancellationRequested ? "the client took too long" : "the connection ended";
            _log.HandshakeFailed(client.SessionId, client.ListenerName, client.Client, reason);
            throw new IOException(reason);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            _log.HandshakeFailed(client.SessionId, client.ListenerName, client.Client, Reason(exception));
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private SslServerAuthenticationOptions Options(SslStreamCertificateContext presented) => new()
    {
        ServerCertificateContext = presented,
        EnabledSslProtocols = _options.MinimumVersion.AndLater(),
        ClientCertificateRequired = _clients.IsAsked,
        CertificateChainPolicy = _clients.IsAsked ? _clients.Chain.Clone() : null,
        AllowRenegotiation = false,
    };

    private SslStreamCertificateContext? FindPresented()
    {
        lock (_gate)
        {
            if (_source.Version == _version)
            {
                return _presented;
            }

            _version = _source.Version;

            // A broken file leaves the certificates of the one before it, so a good one never goes.
            var chosen = Choose(_source.All, _time.GetUtcNow());
            if (chosen is not null && !ReferenceEquals(chosen.Certificate, _presentedCertificate))
            {
                _presented = Prepare(chosen);
                _presentedCertificate = chosen.Certificate;
                _log.Presents(_listener, chosen.Traits.Subject, chosen.Traits.SerialNumber, chosen.Traits.NotAfter);
            }

            return _presented;
        }
    }

    // The issuers are sent along; the root is what the client must have itself. Nothing is fetched from anywhere.
    private static SslStreamCertificateContext Prepare(OwnCertificate chosen) => SslStreamCertificateContext.Create(
        chosen.Certificate,
        [.. chosen.Chain.Where(issuer => !CertificateTraits.Read(issuer).IsSelfSigned)],
        offline: true);

    // The framework tells the reason in what it wraps: what the TLS library said.
    private static string Reason(Exception exception)
    {
        var innermost = exception;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost == exception ? exception.Message : $"{exception.Message} {innermost.Message}";
    }
}
