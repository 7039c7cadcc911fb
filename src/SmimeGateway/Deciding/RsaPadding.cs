namespace SmimeGateway.Deciding;

/// <summary>The padding of an RSA signature.</summary>
public enum RsaPadding
{
    /// <summary>PKCS #1 v1.5, which everybody reads.</summary>
    Pkcs1,

    /// <summary>PSS, with the digest's length as salt.</summary>
    Pss,
}
