using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>Encrypts content-encryption keys to one certificate. Any number of threads may use it at once.</summary>
internal abstract class RecipientEncryption : IDisposable
{
    /// <summary>The version of the RecipientInfo that it makes (RFC 5652 section 6.2).</summary>
    public abstract int Version { get; }

    /// <summary>Whether it is one of the kinds that came later (RFC 5652 section 6.2.5).</summary>
    public virtual bool IsOther => false;

    /// <summary>How the RecipientInfo names the certificate, in DER.</summary>
    public abstract ReadOnlyMemory<byte> Identifier { get; }

    /// <summary>Prepares the key of a certificate; null with a fault if nothing can be encrypted to it.</summary>
    /// <exception cref="CryptographicException">The certificate or its key is malformed.</exception>
    public static RecipientEncryption? Find(
        X509Certificate2 certificate, KeyTransport transport, RecipientNaming naming, out CmsFault? fault)
    {
        fault = null;
        return certificate.PublicKey.Oid.Value switch
        {
            Oids.RsaEncryption => KeyTransportEncryption.Find(certificate, KeyTransportAlgorithm.Of(transport), naming, out fault),
            Oids.EcPublicKey => EllipticAgreementEncryption.Find(certificate, naming, out fault),
            Oids.X25519 or Oids.X448 => MontgomeryAgreementEncryption.Of(certificate, naming),
            Oids.RsaesOaep => KeyTransportEncryption.FindRestricted(certificate, KeyTransportAlgorithm.Of(transport), naming, out fault),
            Oids.MlKem512 or Oids.MlKem768 or Oids.MlKem1024 => EncapsulationEncryption.Of(certificate, naming),
            var oid => Refuse($"its key algorithm {oid} is not supported", out fault),
        };
    }

    /// <summary>Encrypts the key; returns the RecipientInfo in DER.</summary>
    /// <exception cref="CryptographicException">The recipient's key cannot be used.</exception>
    public abstract byte[] Encrypt(ReadOnlySpan<byte> contentKey);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>No encryption, and why.</summary>
    protected static RecipientEncryption? Refuse(string reason, out CmsFault fault)
    {
        fault = new CmsFault(CmsFaultKind.RecipientKeyUnusable, $"Nothing can be encrypted to the certificate: {reason}.");
        return null;
    }
}
