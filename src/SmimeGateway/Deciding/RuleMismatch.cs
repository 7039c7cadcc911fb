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

/// <summary>Why a rule does not apply, in words for people.</summary>
public static class RuleMismatchWords
{
    /// <summary>Half a sentence that names the key of the condition.</summary>
    public static string Words(this RuleMismatch mismatch) => mismatch switch
    {
        RuleMismatch.None => "all conditions hold",
        RuleMismatch.Sender => "the sender matches none of when.sender",
        RuleMismatch.Recipient => "the recipient matches none of when.recipient",
        RuleMismatch.Listener => "the message comes in on another listener than when.listener names",
        RuleMismatch.Client => "the client is in none of the networks of when.client",
        RuleMismatch.User => "nobody matching when.user is authenticated",
        RuleMismatch.Subject => "the subject matches none of when.subject",
        RuleMismatch.Header => "a header field of when.header is absent or has another value",
        RuleMismatch.Content => "no part has a media type of when.content, or the parts cannot be told",
    };
}
