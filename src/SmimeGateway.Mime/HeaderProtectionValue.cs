namespace SmimeGateway.Mime;

/// <summary>What the composer of a protected header meant to do with the message: the hp parameter (RFC 9788 section 2.1.1).</summary>
public enum HeaderProtectionValue
{
    /// <summary>Sign it; the header outside is the same.</summary>
    Clear,

    /// <summary>Encrypt it; the header outside may say less.</summary>
    Cipher,
}
