using System.Text.Json.Serialization;

namespace SmimeGateway.Cms;

/// <summary>What content is encrypted with (RFC 3565, RFC 5084). Weaker ciphers are only read.</summary>
public enum ContentCipher
{
    /// <summary>AES-128 in CBC mode, in EnvelopedData.</summary>
    [JsonStringEnumMemberName("aes128-cbc")]
    Aes128Cbc,

    /// <summary>AES-192 in CBC mode, in EnvelopedData.</summary>
    [JsonStringEnumMemberName("aes192-cbc")]
    Aes192Cbc,

    /// <summary>AES-256 in CBC mode, in EnvelopedData.</summary>
    [JsonStringEnumMemberName("aes256-cbc")]
    Aes256Cbc,

    /// <summary>AES-128 in GCM, in AuthEnvelopedData.</summary>
    [JsonStringEnumMemberName("aes128-gcm")]
    Aes128Gcm,

    /// <summary>AES-192 in GCM, in AuthEnvelopedData.</summary>
    [JsonStringEnumMemberName("aes192-gcm")]
    Aes192Gcm,

    /// <summary>AES-256 in GCM, in AuthEnvelopedData.</summary>
    [JsonStringEnumMemberName("aes256-gcm")]
    Aes256Gcm,
}
