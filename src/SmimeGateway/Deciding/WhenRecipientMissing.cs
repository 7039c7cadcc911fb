namespace SmimeGateway.Deciding;

/// <summary>What happens when there is no usable certificate for a recipient to whom a rule encrypts.</summary>
public enum WhenRecipientMissing
{
    /// <summary>The whole message is refused with 550 5.7.5, which names these recipients.</summary>
    Reject,

    /// <summary>The others get theirs, and the sender a delivery report about these.</summary>
    Bounce,

    /// <summary>The whole message is deferred with 451 4.7.5, so that the client tries again.</summary>
    Defer,

    /// <summary>The others get theirs; for these the message is kept, sealed, until a certificate appears or the queue gives up.</summary>
    Hold,

    /// <summary>These get the message without encryption.</summary>
    Pass,
}
