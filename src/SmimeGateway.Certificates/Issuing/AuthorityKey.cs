using System.Text.Json.Serialization;

namespace SmimeGateway.Certificates.Issuing;

/// <summary>The keys that the built-in authority makes for certificates. Its root has an RSA or elliptic key in every case.</summary>
public enum AuthorityKey
{
    /// <summary>RSA with 2048 bits, which every mail client reads.</summary>
    [JsonStringEnumMemberName("rsa2048")]
    Rsa2048,

    /// <summary>ECDSA and ECDH on the curve P-256: smaller and faster.</summary>
    [JsonStringEnumMemberName("p256")]
    EcP256,

    /// <summary>Two certificates for each address: Ed25519 to sign with, X25519 to encrypt to.</summary>
    [JsonStringEnumMemberName("ed25519")]
    Ed25519,

    /// <summary>Two certificates for each address: ML-DSA-65 to sign with, ML-KEM-768 to encrypt to.</summary>
    [JsonStringEnumMemberName("mlDsa")]
    MlDsa,
}
