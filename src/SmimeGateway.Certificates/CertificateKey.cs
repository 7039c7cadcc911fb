using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates;

/// <summary>The kind and size of a certificate's public key.</summary>
/// <param name="Name">Such as <c>RSA 2048</c> or <c>ECDSA P-256</c>.</param>
/// <param name="Uses">What keys of the kind can do at all.</param>
/// <param name="Fault">Why the key cannot be used, or null.</param>
internal sealed record CertificateKey(string Name, KeyUses Uses, string? Fault)
{
    /// <summary>NIST SP 800-131A, section 6: shorter ones are not to protect anything new.</summary>
    private const int GoodRsaBits = 2048;

    private const int MinRsaBits = 1024;

    /// <summary>The largest modulus that OpenSSL works with (OPENSSL_RSA_MAX_MODULUS_BITS).</summary>
    private const int MaxRsaBits = 16384;

    /// <summary>FIPS 186-5, section 5.1: an exponent is below 2 to the power of 256.</summary>
    private const int MaxExponentBytes = 32;

    /// <summary>Of longer keys OpenSSL takes 64 bits at most (OPENSSL_RSA_SMALL_MODULUS_BITS, OPENSSL_RSA_MAX_PUBEXP_BITS).</summary>
    private const int LongRsaBits = 3072;

    private const int MaxExponentBytesOfLong = 8;

    private const KeyUses RsaUses = KeyUses.Signing | KeyUses.Transport;

    /// <summary>RSASSA-PSS and RSAES-OAEP (RFC 4055 section 1.2): RSA keys that do one thing alone.</summary>
    private const string PssAlone = "1.2.840.113549.1.1.10";
    private const string OaepAlone = "1.2.840.113549.1.1.7";

    private static readonly Dictionary<string, string> Curves = new(StringComparer.Ordinal)
    {
        ["1.2.840.10045.3.1.7"] = "P-256",
        ["1.3.132.0.34"] = "P-384",
        ["1.3.132.0.35"] = "P-521",
        ["1.3.36.3.3.2.8.1.1.7"] = "brainpoolP256r1",
        ["1.3.36.3.3.2.8.1.1.11"] = "brainpoolP384r1",
        ["1.3.36.3.3.2.8.1.1.13"] = "brainpoolP512r1",
    };

    private static readonly Dictionary<string, string> UnsupportedKinds = new(StringComparer.Ordinal)
    {
        ["1.2.840.10040.4.1"] = "DSA",
        ["1.2.840.10046.2.1"] = "Diffie-Hellman",
    };

    /// <summary>How few programs read its signatures: 0 where all do.</summary>
    public int Rarity { get; private init; }

    /// <summary>No quantum computer is known to break it.</summary>
    public bool IsPostQuantum { get; private init; }

    /// <summary>The key is in use, but shorter than it should be.</summary>
    public bool IsWeak { get; private init; }

    /// <summary>Reads the public key; never throws for what stands in it.</summary>
    public static CertificateKey Describe(X509Certificate2 certificate)
    {
        var algorithm = certificate.GetKeyAlgorithm();
        try
        {
            return algorithm switch
            {
                "1.2.840.113549.1.1.1" => DescribeRsa("RSA", certificate.GetPublicKey(), RsaUses),
                PssAlone => DescribeRsa("RSASSA-PSS", certificate.GetPublicKey(), KeyUses.Signing) with { Rarity = 1 },
                OaepAlone => DescribeRsa("RSAES-OAEP", certificate.GetPublicKey(), KeyUses.Transport),
                "1.2.840.10045.2.1" => DescribeElliptic(certificate.GetKeyAlgorithmParameters()),
                _ when ModernKey.Find(algorithm) is { } modern => DescribeModern(modern, certificate),
                _ => Unsupported(NameOf(algorithm)),
            };
        }
        catch (AsnContentException)
        {
            return new CertificateKey("unknown", KeyUses.None, "its public key cannot be read");
        }
    }

    // RFC 8410 section 3: a key of another length, or with parameters, is none.
    private static CertificateKey DescribeModern(ModernKey kind, X509Certificate2 certificate)
    {
        var key = certificate.GetPublicKey();
        var isSound = key.Length == kind.PublicLength && certificate.GetKeyAlgorithmParameters() is null or []
            && kind.SecretPart(key).ContainsAnyExcept((byte)0);
        return new CertificateKey(kind.Name, kind.Uses, isSound ? null : $"its {kind.Name} key is malformed") { Rarity = kind.Rarity, IsPostQuantum = kind.IsPostQuantum };
    }

    /// <summary>The name of a kind of key that cannot be used here, or its identifier.</summary>
    public static string NameOf(string? algorithm) => UnsupportedKinds.GetValueOrDefault(algorithm ?? "", algorithm ?? "unknown");

    private static CertificateKey DescribeRsa(string kind, byte[] publicKey, KeyUses uses)
    {
        var sequence = new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence();
        var encodedModulus = sequence.ReadIntegerBytes().Span;
        var modulus = encodedModulus.TrimStart((byte)0);
        var bits = modulus.IsEmpty ? 0 : ((modulus.Length - 1) * 8) + (32 - int.LeadingZeroCount(modulus[0]));
        var name = $"{kind} {bits}";
        if (FindFault(encodedModulus, sequence.ReadIntegerBytes().Span, bits) is { } fault)
        {
            return new CertificateKey(name, uses, fault);
        }

        return bits switch
        {
            < MinRsaBits => new CertificateKey(name, uses, $"its RSA key of {bits} bits is too short"),
            > MaxRsaBits => new CertificateKey(name, uses, $"its RSA key of {bits} bits is too long"),
            _ => new CertificateKey(name, uses, null) { IsWeak = bits < GoodRsaBits },
        };
    }

    // RFC 8017 section 3.1: both are positive and odd, and the exponent is 3 at least. With 1 nothing is encrypted at all, with an even one
    // nothing can be opened, and a signature under either proves nothing.
    private static string? FindFault(ReadOnlySpan<byte> encodedModulus, ReadOnlySpan<byte> encodedExponent, int modulusBits)
    {
        var exponent = encodedExponent.TrimStart((byte)0);
        return encodedModulus[0] >= 0x80 || encodedModulus[^1] % 2 == 0 ? "its RSA modulus is negative or even"
            : encodedExponent[0] >= 0x80 || encodedExponent[^1] % 2 == 0 ? "its RSA exponent is negative or even"
            : exponent is [1] ? "its RSA exponent is 1, which encrypts nothing"
            : exponent.Length > (modulusBits > LongRsaBits ? MaxExponentBytesOfLong : MaxExponentBytes) ? "its RSA exponent is too long"
            : null;
    }

    private static CertificateKey DescribeElliptic(byte[]? parameters)
    {
        // Explicit curve parameters are forbidden (RFC 5480, section 2.1.1) and have been used to forge keys.
        var reader = new AsnReader(parameters, AsnEncodingRules.DER);
        if (!reader.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier))
        {
            return Unsupported("ECDSA without a named curve");
        }

        var curve = reader.ReadObjectIdentifier();
        return Curves.TryGetValue(curve, out var name)
            ? new CertificateKey($"ECDSA {name}", KeyUses.Signing | KeyUses.Agreement, null)
            : Unsupported($"ECDSA {curve}");
    }

    private static CertificateKey Unsupported(string name) => new(name, KeyUses.None, $"its key algorithm is not supported: {name}");
}
