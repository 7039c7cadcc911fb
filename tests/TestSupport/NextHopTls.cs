using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.TestSupport;

/// <summary>How a next hop of the tests encrypts: the certificate it shows, with its chain above, and when it shakes hands.</summary>
/// <param name="certificate">With its private key.</param>
public sealed class NextHopTls(X509Certificate2 certificate)
{
    /// <summary>True shakes hands before the greeting; false waits for STARTTLS.</summary>
    public bool IsImplicit { get; init; }

    /// <summary>True refuses clients without a certificate.</summary>
    public bool RequiresClientCertificate { get; init; }

    /// <summary>The versions agreed to; the system's choice unless a test says otherwise.</summary>
    public SslProtocols Protocols { get; init; }

    /// <summary>What each client showed; null where it showed nothing.</summary>
    public ConcurrentQueue<X509Certificate2?> ClientCertificates { get; } = new();

    /// <summary>Holds the handshake.</summary>
    public async Task<SslStream> SecureAsync(Stream wire, CancellationToken cancellationToken)
    {
        var secured = new SslStream(wire);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [TestPki.Public(TestPki.Intermediate)], offline: true),
            ClientCertificateRequired = RequiresClientCertificate,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null || !RequiresClientCertificate,
            EnabledSslProtocols = Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        await secured.AuthenticateAsServerAsync(options, cancellationToken);
        ClientCertificates.Enqueue(secured.RemoteCertificate is X509Certificate2 shown ? TestPki.Public(shown) : null);
        return secured;
    }
}
