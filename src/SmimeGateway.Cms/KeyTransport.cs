using System.Text.Json.Serialization;

namespace SmimeGateway.Cms;

/// <summary>How a content-encryption key is encrypted to an RSA key. The digest of OAEP is that of its mask generation too.</summary>
public enum KeyTransport
{
    /// <summary>RSAES-PKCS1-v1_5 (RFC 3370 section 4.2.1), which every client reads.</summary>
    [JsonStringEnumMemberName("rsa-pkcs1")]
    RsaPkcs1,

    /// <summary>RSAES-OAEP with SHA-1 (RFC 3560), its default.</summary>
    [JsonStringEnumMemberName("oaep-sha1")]
    OaepSha1,

    /// <summary>RSAES-OAEP with SHA-256.</summary>
    [JsonStringEnumMemberName("oaep-sha256")]
    OaepSha256,

    /// <summary>RSAES-OAEP with SHA-384.</summary>
    [JsonStringEnumMemberName("oaep-sha384")]
    OaepSha384,

    /// <summary>RSAES-OAEP with SHA-512.</summary>
    [JsonStringEnumMemberName("oaep-sha512")]
    OaepSha512,
}
