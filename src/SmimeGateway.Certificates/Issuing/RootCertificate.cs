using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Issuing;

/// <summary>Makes the root of a built-in authority.</summary>
internal static class RootCertificate
{
    /// <summary>Recipients trust the root for ten years, and 3,072 bits are what is advised for that long (NIST SP 800-57, table 4).</summary>
    private const int KeyBits = 3072;

    /// <summary>A self-signed root with its private key, of the kind that is also used for certificates.</summary>
    public static X509Certificate2 Make(AuthorityOptions options, DateTimeOffset now)
    {
        if (options.LeafKey is AuthorityKey.EcP256)
        {
            using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return Make(new CertificateRequest(NewName(), elliptic, HashAlgorithmName.SHA256), options, now);
        }

        using var key = RSA.Create(KeyBits);
        return Make(new CertificateRequest(NewName(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), options, now);
    }

    private static X500DistinguishedName NewName()
    {
        // Two installations must not have roots of the same name, or recipients of both mix them up.
        var mark = Convert.ToHexString(RandomNumberGenerator.GetBytes(4));
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName($"SmimeGateway Root {mark}");
        name.AddOrganizationName("SmimeGateway");
        return name.Build();
    }

    private static X509Certificate2 Make(CertificateRequest request, AuthorityOptions options, DateTimeOffset now)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(IssuedCertificate.Backdate(now), now + options.RootLifetime);
    }
}
