namespace SmimeGateway.Smtp.Sasl;

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
