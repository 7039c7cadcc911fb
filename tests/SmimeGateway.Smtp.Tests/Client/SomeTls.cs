using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

/// <summary>Encryption towards mx.example.net, which trusts the root of the tests and nobody else.</summary>
internal static class SomeTls
{
    public const string Untrusted = "The certificate of mx.example.net is not trusted.";

    public static ClientTls Required => Verified(ClientTlsMode.Required);

    public static ClientTls Implicit => Verified(ClientTlsMode.Implicit);

    [SuppressMessage("Security", "CA5359", Justification = "What is welcome but not required is not verified.")]
    public static ClientTls WhenOffered { get; } = new(
        ClientTlsMode.WhenOffered,
        host => new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = (_, _, _, _) => true },
        _ => null);

    public static NextHopTls Server(bool isImplicit = false, string name = "mx.example.net", DateTimeOffset? notAfter = null) =>
        new(TestPki.ForHost(name, notAfter)) { IsImplicit = isImplicit };

    private static ClientTls Verified(ClientTlsMode mode)
    {
        string? objection = null;
        return new ClientTls(
            mode,
            host => new SslClientAuthenticationOptions
            {
                TargetHost = host,
                RemoteCertificateValidationCallback = (_, _, _, errors) =>
                {
                    objection = errors == SslPolicyErrors.None ? null : Untrusted;
                    return errors == SslPolicyErrors.None;
                },
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { TestPki.Public(TestPki.Root) },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
            _ => objection);
    }
}
