using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Writing;

namespace SmimeGateway.Cms;

/// <summary>
/// A certificate that content is encrypted to, prepared once: RSA keys by key transport, elliptic ones (P-256, P-384, P-521, and
/// brainpoolP256r1, P384r1, P512r1) by key agreement. Any number of threads may use it at once.
/// </summary>
public sealed class CmsRecipient : IDisposable
{
    private CmsRecipient(X509Certificate2 certificate, RecipientEncryption encryption)
    {
        Certificate = certificate;
        Encryption = encryption;
    }

    /// <summary>The certificate, which stays the caller's.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>How it gets the key of the content.</summary>
    public KeyManagement Management => Encryption switch
    {
        KeyTransportEncryption => KeyManagement.Transport,
        KeyAgreementEncryption => KeyManagement.Agreement,
        _ => KeyManagement.Encapsulation,
    };

    internal RecipientEncryption Encryption { get; }

    /// <summary>Prepares a certificate; false with a fault when its key is of a kind that mail cannot be encrypted to.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="transport">How keys are encrypted if it has an RSA key.</param>
    /// <param name="naming">How the encrypted object names it.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryCreate(
        X509Certificate2 certificate,
        KeyTransport transport,
        RecipientNaming naming,
        [NotNullWhen(true)] out CmsRecipient? recipient,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        recipient = null;
        RecipientEncryption? encryption = null;
        try
        {
            encryption = RecipientEncryption.Find(certificate, transport, naming, out fault);
            if (encryption is null)
            {
                fault ??= Unreadable();
                return false;
            }

            // Some keys are refused only when they are used; that must not wait until a message needs them.
            encryption.Encrypt(stackalloc byte[ContentAlgorithm.MaxKeyLength]);
            recipient = new CmsRecipient(certificate, encryption);
            encryption = null;
            return true;
        }
        catch (CryptographicException)
        {
            // The framework decodes keys and extensions when they are first looked at, and finds out then that they are malformed.
            fault = Unreadable();
            return false;
        }
        finally
        {
            encryption?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Encryption.Dispose();

    private static CmsFault Unreadable() =>
        new(CmsFaultKind.RecipientKeyUnusable, "Nothing can be encrypted to the certificate: its key cannot be read.");
}

/// <summary>How a recipient gets the key of the content (RFC 5652 section 6.2), the best known first: programs that know a later one know those before.</summary>
public enum KeyManagement
{
    /// <summary>Encrypted to an RSA key.</summary>
    Transport,

    /// <summary>By agreement with an elliptic key.</summary>
    Agreement,

    /// <summary>By encapsulation to a key of ML-KEM (RFC 9629).</summary>
    Encapsulation,
}

/// <summary>How an encrypted object names the certificates it is for (RFC 5652 section 6.2.1).</summary>
public enum RecipientNaming
{
    /// <summary>By issuer and serial number.</summary>
    IssuerAndSerial,

    /// <summary>By subject key identifier; by issuer and serial number where the certificate has none.</summary>
    KeyIdentifier,
}
