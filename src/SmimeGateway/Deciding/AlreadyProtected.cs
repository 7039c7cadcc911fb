namespace SmimeGateway.Deciding;

/// <summary>What a rule that signs does with a message that arrives signed or encrypted.</summary>
public enum AlreadyProtected
{
    /// <summary>It is relayed unchanged.</summary>
    Keep,

    /// <summary>It is signed once more, around what is there.</summary>
    SignAgain,
}
