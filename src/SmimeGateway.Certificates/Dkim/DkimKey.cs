namespace SmimeGateway.Certificates.Dkim;

/// <summary>A private key of a domain, which DKIM signatures are made with. It may be used by many threads at once.</summary>
public abstract class DkimKey
{
    /// <summary>The algorithm as the signature names it (the tag a).</summary>
    public abstract string Algorithm { get; }

    /// <summary>The kind as the record in the DNS names it (the tag k).</summary>
    public abstract string Kind { get; }

    /// <summary>The length of the key in bits.</summary>
    public abstract int Bits { get; }

    /// <summary>The public half as the record in the DNS holds it (the tag p, without its base64).</summary>
    public abstract ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs the SHA-256 of the octets (RFC 6376 section 3.3.1, RFC 8463 section 3).</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key cannot be used.</exception>
    public abstract byte[] Sign(ReadOnlySpan<byte> octets);

    /// <summary>Whether a signature is of this key.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature);

    /// <summary>The kind and length for people.</summary>
    public override string ToString() => Kind == "rsa" ? $"RSA with {Bits} bits" : "Ed25519";
}
