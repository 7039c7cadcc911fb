using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmimeGateway.Certificates.Issuing;

/// <summary>Makes a certificate for mail (RFC 8550) below a root.</summary>
internal static class IssuedCertificate
{
    /// <summary>RFC 5280, appendix A.1: ub-common-name-length.</summary>
    private const int MaxCommonNameLength = 64;

    /// <summary>RFC 5280, appendix A.1: ub-emailaddress-length. The alternative name, by which signatures are checked, has no bound.</summary>
    private const int MaxEmailAddressLength = 255;

    /// <summary>The clock of a recipient may be behind ours.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(1);

    /// <summary>The beginning of a life that begins now.</summary>
    public static DateTimeOffset Backdate(DateTimeOffset now) => now - ClockTolerance;

    /// <summary>
    /// The certificates for an address, each followed by its private key, in PEM; the one to sign with comes first. They end with their root at the latest.
    /// Making an RSA key takes 50 to 500 ms.
    /// </summary>
    public static string Make(string address, X509Certificate2 root, AuthorityOptions options, DateTimeOffset now)
    {
        var end = now + options.LeafLifetime;
        var rootEnd = new DateTimeOffset(root.NotAfter).ToUniversalTime();
        end = end < rootEnd ? end : rootEnd;
        using var rsaRootKey = root.GetRSAPrivateKey();
        using var ellipticRootKey = root.GetECDsaPrivateKey();
        var generator = rsaRootKey is null
            ? X509SignatureGenerator.CreateForECDsa(ellipticRootKey!)
            : X509SignatureGenerator.CreateForRSA(rsaRootKey, RSASignaturePadding.Pkcs1);
        var pem = new StringBuilder();
        foreach (var key in NewKey.Make(options.LeafKey))
        {
            var request = new CertificateRequest(NameOf(address), key.Public, HashAlgorithmName.SHA256);
            AddExtensions(request, address, root, key.Usage, options);
            using var certificate = request.Create(root.SubjectName, generator, Backdate(now), end, NewSerial());
            pem.Append(certificate.ExportCertificatePem()).Append('\n').Append(key.Pem).Append('\n');
        }

        return pem.ToString();
    }

    private static void AddExtensions(
        CertificateRequest request, string address, X509Certificate2 root, X509KeyUsageFlags usage, AuthorityOptions options)
    {
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(usage, critical: true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], critical: false));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        extensions.Add(AlternativeNameOf(address));
        if (!options.Capabilities.IsEmpty)
        {
            extensions.Add(new X509Extension("1.2.840.113549.1.9.15", options.Capabilities.Span, critical: false));
        }
    }

    private static X500DistinguishedName NameOf(string address)
    {
        var name = new X500DistinguishedNameBuilder();

        // E= is an IA5String, so an address in Unicode stands in the alternative name alone.
        if (Ascii.IsValid(address) && address.Length <= MaxEmailAddressLength)
        {
            name.AddEmailAddress(address);
        }

        // No half of a surrogate pair is left at the end.
        var end = Math.Min(address.Length, MaxCommonNameLength);
        name.AddCommonName(address[..(char.IsHighSurrogate(address[end - 1]) ? end - 1 : end)]);
        return name.Build();
    }

    /// <summary>RFC 8398, section 3: an address whose local part is ASCII is an rfc822Name with an A-label domain, any other a SmtpUTF8Mailbox.</summary>
    private static X509Extension AlternativeNameOf(string address)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (Ascii.IsValid(address))
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, address, new Asn1Tag(TagClass.ContextSpecific, 1));
            }
            else
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    writer.WriteObjectIdentifier("1.3.6.1.5.5.7.8.9");
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                    {
                        writer.WriteCharacterString(UniversalTagNumber.UTF8String, address);
                    }
                }
            }
        }

        return new X509Extension("2.5.29.17", writer.Encode(), critical: false);
    }

    /// <summary>126 bits of entropy; the CA/Browser Forum asks for 64. The first octet is neither zero nor negative (RFC 5280, section 4.1.2.2).</summary>
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
