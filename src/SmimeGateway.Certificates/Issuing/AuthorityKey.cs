namespace SmimeGateway.Certificates.Issuing;

/// <summary>The keys that the built-in authority makes for certificates.</summary>
public enum AuthorityKey
{
    /// <summary>RSA with 2048 bits, which every mail client reads.</summary>
    Rsa2048,

    /// <summary>ECDSA and ECDH on the curve P-256: smaller and faster.</summary>
    EcP256,
}
