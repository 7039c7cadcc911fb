namespace SmimeGateway.Deciding;

/// <summary>What is done to which message. A rule either passes or signs.</summary>
/// <example>
/// <code>
/// { "name": "bounces pass", "when": { "sender": "&lt;&gt;" }, "pass": true }
/// {
///   "name": "sign our domain", "when": { "sender": "*@example.com" },
///   "sign": { "with": ["office", "local"] }, "alreadyProtected": "keep"
/// }
/// </code>
/// </example>
public sealed record RuleOptions
{
    /// <summary>The name that the log uses.</summary>
    [Notation(Notation.Name)]
    public required string Name { get; init; }

    /// <summary>The messages the rule applies to; without it, all.</summary>
    public RuleConditions When { get; init; } = new();

    /// <summary>true relays the message unchanged.</summary>
    public bool Pass { get; init; }

    /// <summary>Signs the message.</summary>
    public SignOptions? Sign { get; init; }

    /// <summary>What a rule that signs does with a message that arrives signed or encrypted.</summary>
    public AlreadyProtected AlreadyProtected { get; init; }
}
