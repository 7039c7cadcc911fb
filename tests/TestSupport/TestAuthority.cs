using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.TestSupport;

/// <summary>An authority that issues what a test wants, to be certified by itself and by others: for chains that fork, end and begin.</summary>
public sealed class TestAuthority(string name, int keyBits = 2048)
{
    private readonly X500DistinguishedName _name = new($"CN={name}");

    /// <summary>The key of the authority.</summary>
    public RSA Key { get; } = RSA.Create(keyBits);

    /// <summary>Its certificate by itself.</summary>
    public X509Certificate2 Root(DateTimeOffset? from = null, DateTimeOffset? to = null) => Certify(this, from, to);

    /// <summary>A certificate for another authority, or a cross-certificate for a root.</summary>
    public X509Certificate2 Certify(TestAuthority subject, DateTimeOffset? from = null, DateTimeOffset? to = null, bool withIdentifiers = true)
    {
        var request = new CertificateRequest(subject._name, subject.Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return Sign(request, from, to, HashAlgorithmName.SHA256, withIdentifiers);
    }

    /// <summary>A certificate for mail with its private key.</summary>
    public X509Certificate2 Issue(
        string address,
        RSA? key = null,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        HashAlgorithmName? digest = null,
        X509KeyUsageFlags? usage = null,
        bool withIdentifiers = true)
    {
        key ??= RSA.Create(2048);
        var hash = digest ?? HashAlgorithmName.SHA256;
        var request = new CertificateRequest($"CN={address}", key, hash, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName(address));
        if (usage is { } flags)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        }

        return Sign(request, from, to, hash, withIdentifiers).CopyWithPrivateKey(key);
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset? from, DateTimeOffset? to, HashAlgorithmName digest, bool withIdentifiers)
    {
        if (withIdentifiers)
        {
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            var own = new X509SubjectKeyIdentifierExtension(new PublicKey(Key), critical: false);
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(own));
        }

        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return request.Create(
            _name,
            digest == HashAlgorithmName.MD5 || digest == HashAlgorithmName.SHA1 ? new WeakGenerator(Key, digest) : X509SignatureGenerator.CreateForRSA(Key, RSASignaturePadding.Pkcs1),
            from ?? TestPki.NotBefore,
            to ?? TestPki.NotAfter,
            serial);
    }

    // The framework signs certificates with SHA-256 and better alone.
    private sealed class WeakGenerator(RSA key, HashAlgorithmName digest) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, (byte)(digest == HashAlgorithmName.MD5 ? 4 : 5), 0x05, 0x00];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, digest, RSASignaturePadding.Pkcs1);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
