using SmimeGateway.Accepting.Securing;
using SmimeGateway.Certificates.Requesting;
using SmimeGateway.Files;

namespace SmimeGateway.Host.Commands.Certificates;

/// <summary>Where a certificate and its key are written.</summary>
/// <param name="Listener">The listener that reads them, or null.</param>
/// <param name="Certificate">The file of the certificate; with the key in it, unless that has a file of its own.</param>
/// <param name="Key">The file of the key, or null.</param>
/// <param name="Password">What protects the key, or null.</param>
internal sealed record InstallTarget(string? Listener, string Certificate, string? Key, string? Password)
{
    /// <summary>The files that are written.</summary>
    public IReadOnlyList<string> Files => Key is null ? [Certificate] : [Certificate, Key];

    /// <summary>Writes them, each at once and for its owner alone.</summary>
    public void Write(KeyAndCertificate whole)
    {
        if (ListenerTls.IsPkcs12(Certificate))
        {
            DurableFile.ReplaceSecret(Certificate, whole.ToPkcs12(Password));
            return;
        }

        if (Key is not null)
        {
            // The key goes first: until the certificate follows, the gateway finds that the two do not fit, and goes on with what it has.
            DurableFile.ReplaceSecret(Key, Bytes(whole.ToKeyPem(Password)));
            DurableFile.ReplaceSecret(Certificate, Bytes(whole.ToCertificatePem()));
            return;
        }

        DurableFile.ReplaceSecret(Certificate, Bytes(whole.ToCertificatePem() + whole.ToKeyPem(Password)));
    }

    private static byte[] Bytes(string pem) => System.Text.Encoding.ASCII.GetBytes(pem);
}
