namespace SmimeGateway.Deciding;

/// <summary>The digest algorithm of a signature.</summary>
public enum SignatureDigest
{
    /// <summary>SHA-1; only for partners who read nothing else.</summary>
    Sha1,

    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-384.</summary>
    Sha384,

    /// <summary>SHA-512.</summary>
    Sha512,
}
