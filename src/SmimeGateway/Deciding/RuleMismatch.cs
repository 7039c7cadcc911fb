namespace SmimeGateway.Deciding;

/// <summary>The first condition of a rule that a message does not meet.</summary>
public enum RuleMismatch
{
    /// <summary>All conditions hold: the rule applies.</summary>
    None,

    /// <summary>The sender matches none of the patterns.</summary>
    Sender,

    /// <summary>The recipient matches none of the patterns.</summary>
    Recipient,

    /// <summary>The message came in on another listener.</summary>
    Listener,

    /// <summary>The client is in none of the networks.</summary>
    Client,

    /// <summary>The authenticated user matches none of the patterns, or nobody authenticated.</summary>
    User,

    /// <summary>The subject matches none of the patterns.</summary>
    Subject,

    /// <summary>A header field is absent or matches none of the patterns.</summary>
    Header,

    /// <summary>No part of the message has a media type that matches, or its parts cannot be told.</summary>
    Content,
}
