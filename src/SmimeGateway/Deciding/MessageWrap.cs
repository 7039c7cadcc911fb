namespace SmimeGateway.Deciding;

/// <summary>The layers of a message that is signed and encrypted.</summary>
public enum MessageWrap
{
    /// <summary>Signed, then encrypted.</summary>
    SignThenEncrypt,

    /// <summary>Signed, encrypted, and signed again (RFC 2634 section 1.1): the outer signature can be verified without the key.</summary>
    Triple,
}
