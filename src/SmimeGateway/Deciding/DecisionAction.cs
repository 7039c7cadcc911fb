namespace SmimeGateway.Deciding;

/// <summary>The kinds of decision.</summary>
public enum DecisionAction
{
    /// <summary>Relay as it is.</summary>
    Pass,

    /// <summary>Protect as the rule says, or do not relay.</summary>
    Protect,

    /// <summary>Refuse the message.</summary>
    Reject,
}
