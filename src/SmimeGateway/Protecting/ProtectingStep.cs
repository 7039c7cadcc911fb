namespace SmimeGateway.Protecting;

/// <summary>The steps of protecting a message, in their order; each is told of when it ends.</summary>
internal enum ProtectingStep
{
    /// <summary>Taken apart into header and content, with the trigger removed.</summary>
    Split,

    /// <summary>Header fields copied into the content and hidden outside.</summary>
    HeaderProtected,

    /// <summary>Content signed.</summary>
    SignedInside,

    /// <summary>The inner signature read back and verified.</summary>
    ProvedInside,

    /// <summary>Content compressed.</summary>
    Compressed,

    /// <summary>The content-encryption key made and encrypted to the recipients.</summary>
    KeyEncrypted,

    /// <summary>Content encrypted.</summary>
    Encrypted,

    /// <summary>The encrypted object read back.</summary>
    ProvedEncrypted,

    /// <summary>Signed on the outside.</summary>
    SignedOutside,

    /// <summary>The outer signature read back and verified.</summary>
    ProvedOutside,
}
