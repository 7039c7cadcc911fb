namespace SmimeGateway.Cms;

/// <summary>How an RSA signature is padded; elliptic-curve keys have no padding and ignore it.</summary>
public enum SignaturePadding
{
    /// <summary>RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2), read by everybody.</summary>
    Pkcs1,

    /// <summary>RSASSA-PSS with MGF1 over the same digest and a salt of the digest's length (RFC 4056).</summary>
    Pss,
}
