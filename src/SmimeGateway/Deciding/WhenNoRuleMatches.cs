namespace SmimeGateway.Deciding;

/// <summary>What happens to a message for a recipient when no rule matches.</summary>
public enum WhenNoRuleMatches
{
    /// <summary>It is relayed unchanged.</summary>
    Pass,

    /// <summary>It is refused with 550 5.7.1.</summary>
    Reject,
}
