namespace SmimeGateway.Smtp.Sasl;

/// <summary>What a mechanism says to a response.</summary>
/// <param name="Outcome">How the exchange stands.</param>
/// <param name="User">The name given, where the outcome is about somebody.</param>
/// <param name="Challenge">What the client must answer.</param>
internal readonly record struct SaslStep(SaslOutcome Outcome, string User, ReadOnlyMemory<byte> Challenge)
{
    /// <summary>The response is none of this mechanism.</summary>
    public static SaslStep Malformed { get; } = new(SaslOutcome.Malformed, string.Empty, default);

    /// <summary>The exchange goes on.</summary>
    public static SaslStep Ask(ReadOnlyMemory<byte> challenge) => new(SaslOutcome.Challenged, string.Empty, challenge);

    /// <summary>The exchange is decided for this name.</summary>
    public static SaslStep Decide(SaslOutcome outcome, string user) => new(outcome, user, default);
}

/// <summary>How an exchange stands after a response.</summary>
internal enum SaslOutcome
{
    /// <summary>The client must answer a challenge.</summary>
    Challenged,

    /// <summary>The client is who it says it is.</summary>
    Accepted,

    /// <summary>It is not, or nobody is.</summary>
    Refused,

    /// <summary>It is nobody who is known, and who there is besides cannot be said at the moment.</summary>
    Uncertain,

    /// <summary>It tried too often to be looked at now.</summary>
    TurnedAway,

    /// <summary>The response is none of this mechanism.</summary>
    Malformed,

    /// <summary>Too many passwords wait to be checked.</summary>
    Busy,
}
