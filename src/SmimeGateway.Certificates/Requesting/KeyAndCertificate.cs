using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Requesting;

/// <summary>A certificate that came, its issuers, and the key it was requested for, ready to be written to a file.</summary>
public sealed class KeyAndCertificate : IDisposable
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000);

    private readonly X509Certificate2 _certificate;
    private readonly AsymmetricAlgorithm _key;
    private readonly IReadOnlyList<X509Certificate2> _issuers;

    private KeyAndCertificate(X509Certificate2 certificate, AsymmetricAlgorithm key, IReadOnlyList<X509Certificate2> issuers)
    {
        _certificate = certificate;
        _key = key;
        _issuers = issuers;
    }

    /// <summary>Joins them.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="keyPem">Its private key.</param>
    /// <param name="issuers">What is to be sent along with it.</param>
    public static KeyAndCertificate Join(X509Certificate2 certificate, string keyPem, IReadOnlyList<X509Certificate2> issuers)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (certificate.PublicKey.Oid.Value == "1.2.840.113549.1.1.1")
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(keyPem);
            return new KeyAndCertificate(certificate, rsa, issuers);
        }

        var elliptic = ECDsa.Create();
        elliptic.ImportFromPem(keyPem);
        return new KeyAndCertificate(certificate, elliptic, issuers);
    }

    /// <summary>All of it as a PKCS #12 file.</summary>
    public byte[] ToPkcs12(string? password)
    {
        using var joined = _key is RSA rsa ? _certificate.CopyWithPrivateKey(rsa) : _certificate.CopyWithPrivateKey((ECDsa)_key);
        return new X509Certificate2Collection(_issuers.Prepend(joined).ToArray()).ExportPkcs12(Encryption, password);
    }

    /// <summary>The certificate and its issuers in PEM.</summary>
    public string ToCertificatePem() =>
        string.Concat(_issuers.Prepend(_certificate).Select(certificate => certificate.ExportCertificatePem() + "\n"));

    /// <summary>The key in PEM, encrypted where there is a password.</summary>
    public string ToKeyPem(string? password) =>
        (password is null ? _key.ExportPkcs8PrivateKeyPem() : _key.ExportEncryptedPkcs8PrivateKeyPem(password, Encryption)) + "\n";

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
