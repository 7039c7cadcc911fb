namespace SmimeGateway.TestSupport;

/// <summary>What a certificate of a test may be used for.</summary>
public enum TestUsage
{
    /// <summary>Mail, both ways.</summary>
    SigningAndEncryption,

    /// <summary>Mail, key usage digitalSignature alone.</summary>
    SigningOnly,

    /// <summary>Mail, key usage keyEncipherment or keyAgreement alone.</summary>
    EncryptionOnly,

    /// <summary>Everything in the key usage, but extended key usage serverAuth.</summary>
    TlsServer,

    /// <summary>Neither key usage nor extended key usage is stated, so all is allowed.</summary>
    Unstated,
}
