namespace SmimeGateway.Cms;

/// <summary>Object identifiers in dotted form, named as their RFCs name them.</summary>
internal static class Oids
{
    // RFC 5652
    public const string Data = "1.2.840.113549.1.7.1";
    public const string SignedData = "1.2.840.113549.1.7.2";
    public const string EnvelopedData = "1.2.840.113549.1.7.3";
    public const string DigestedData = "1.2.840.113549.1.7.5";
    public const string EncryptedData = "1.2.840.113549.1.7.6";
    public const string CompressedData = "1.2.840.113549.1.9.16.1.9";
    public const string AuthEnvelopedData = "1.2.840.113549.1.9.16.1.23";
    public const string ContentType = "1.2.840.113549.1.9.3";
    public const string MessageDigest = "1.2.840.113549.1.9.4";
    public const string SigningTime = "1.2.840.113549.1.9.5";

    // RFC 8551 and RFC 5035
    public const string SmimeCapabilities = "1.2.840.113549.1.9.15";
    public const string EncryptionKeyPreference = "1.2.840.113549.1.9.16.2.11";
    public const string SigningCertificate = "1.2.840.113549.1.9.16.2.12";
    public const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";

    // Digests
    public const string Md5 = "1.2.840.113549.2.5";
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";
    public const string Sha3With256 = "2.16.840.1.101.3.4.2.8";
    public const string Sha3With384 = "2.16.840.1.101.3.4.2.9";
    public const string Sha3With512 = "2.16.840.1.101.3.4.2.10";
    public const string Shake256 = "2.16.840.1.101.3.4.2.12";
    public const string Shake256Len = "2.16.840.1.101.3.4.2.18";

    // RSA
    public const string RsaEncryption = "1.2.840.113549.1.1.1";
    public const string Md5WithRsa = "1.2.840.113549.1.1.4";
    public const string Sha1WithRsa = "1.2.840.113549.1.1.5";
    public const string Mgf1 = "1.2.840.113549.1.1.8";
    public const string RsaPss = "1.2.840.113549.1.1.10";
    public const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    public const string Sha384WithRsa = "1.2.840.113549.1.1.12";
    public const string Sha512WithRsa = "1.2.840.113549.1.1.13";
    public const string OiwSha1WithRsa = "1.3.14.3.2.29";
    public const string RsaesOaep = "1.2.840.113549.1.1.7";

    // Elliptic curves
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string EcdsaWithSha1 = "1.2.840.10045.4.1";
    public const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    public const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    public const string EcdsaWithSha512 = "1.2.840.10045.4.3.4";
    public const string P256 = "1.2.840.10045.3.1.7";
    public const string P384 = "1.3.132.0.34";
    public const string P521 = "1.3.132.0.35";
    public const string BrainpoolP256R1 = "1.3.36.3.3.2.8.1.1.7";
    public const string BrainpoolP384R1 = "1.3.36.3.3.2.8.1.1.11";
    public const string BrainpoolP512R1 = "1.3.36.3.3.2.8.1.1.13";

    // Edwards and Montgomery curves (RFC 8410 section 3), and how keys are agreed upon on the latter (RFC 8418 section 2.2)
    public const string X25519 = "1.3.101.110";
    public const string X448 = "1.3.101.111";
    public const string Ed25519 = "1.3.101.112";
    public const string Ed448 = "1.3.101.113";
    public const string StdDhHkdfSha256 = "1.2.840.113549.1.9.16.3.19";
    public const string StdDhHkdfSha384 = "1.2.840.113549.1.9.16.3.20";
    public const string StdDhHkdfSha512 = "1.2.840.113549.1.9.16.3.21";

    // ML-DSA (RFC 9882 section 2), ML-KEM (RFC 9936 section 3) and what belongs to it (RFC 9629 section 3, RFC 8619 section 2)
    public const string MlDsa44 = "2.16.840.1.101.3.4.3.17";
    public const string MlDsa65 = "2.16.840.1.101.3.4.3.18";
    public const string MlDsa87 = "2.16.840.1.101.3.4.3.19";
    public const string MlKem512 = "2.16.840.1.101.3.4.4.1";
    public const string MlKem768 = "2.16.840.1.101.3.4.4.2";
    public const string MlKem1024 = "2.16.840.1.101.3.4.4.3";
    public const string KemRecipient = "1.2.840.113549.1.9.16.13.3";
    public const string HkdfWithSha256 = "1.2.840.113549.1.9.16.3.28";
    public const string HkdfWithSha384 = "1.2.840.113549.1.9.16.3.29";
    public const string HkdfWithSha512 = "1.2.840.113549.1.9.16.3.30";

    // Key agreement (RFC 5753 section 7.1.4) and key wrap (RFC 3565 section 2.3.2)
    public const string StdDhSha256Kdf = "1.3.132.1.11.1";
    public const string StdDhSha384Kdf = "1.3.132.1.11.2";
    public const string StdDhSha512Kdf = "1.3.132.1.11.3";
    public const string Aes128Wrap = "2.16.840.1.101.3.4.1.5";
    public const string Aes192Wrap = "2.16.840.1.101.3.4.1.25";
    public const string Aes256Wrap = "2.16.840.1.101.3.4.1.45";

    // DSA
    public const string Dsa = "1.2.840.10040.4.1";
    public const string DsaWithSha1 = "1.2.840.10040.4.3";
    public const string DsaWithSha256 = "2.16.840.1.101.3.4.3.2";
    public const string OiwDsaWithSha1 = "1.3.14.3.2.27";

    // Certificate extensions
    public const string SubjectKeyIdentifier = "2.5.29.14";

    // Ciphers of RFC 8551 section 2.7 and of old mail
    public const string Aes128Cbc = "2.16.840.1.101.3.4.1.2";
    public const string Aes128Gcm = "2.16.840.1.101.3.4.1.6";
    public const string Aes192Cbc = "2.16.840.1.101.3.4.1.22";
    public const string Aes192Gcm = "2.16.840.1.101.3.4.1.26";
    public const string Aes256Cbc = "2.16.840.1.101.3.4.1.42";
    public const string Aes256Gcm = "2.16.840.1.101.3.4.1.46";
    public const string TripleDesCbc = "1.2.840.113549.3.7";
    public const string Rc2Cbc = "1.2.840.113549.3.2";
    public const string DesCbc = "1.3.14.3.2.7";

    // What else others encrypt keys with (RFC 4055 section 4.1, RFC 5753 section 7.1.4, RFC 3370 section 4.3.1)
    public const string OaepLabel = "1.2.840.113549.1.1.9";
    public const string StdDhSha1Kdf = "1.3.133.16.840.63.0.2";
    public const string CofactorDhSha1Kdf = "1.3.133.16.840.63.0.3";
    public const string CofactorDhSha256Kdf = "1.3.132.1.14.1";
    public const string CofactorDhSha384Kdf = "1.3.132.1.14.2";
    public const string CofactorDhSha512Kdf = "1.3.132.1.14.3";
    public const string TripleDesWrap = "1.2.840.113549.1.9.16.3.6";

    // RFC 3274
    public const string Zlib = "1.2.840.113549.1.9.16.3.8";
}
