using SmimeGateway.Mime;

namespace SmimeGateway.Deciding;

/// <summary>What is to happen with a message for one recipient, and which rule says so.</summary>
/// <param name="RuleName">The rule that matched, or <see cref="Otherwise"/>.</param>
/// <param name="Action">What is to be done.</param>
/// <param name="Sign">How to sign; given exactly when <paramref name="Action"/> is <see cref="DecisionAction.Protect"/>.</param>
/// <param name="AlreadyProtected">What to do with mail that arrives signed or encrypted.</param>
public sealed record Decision(string RuleName, DecisionAction Action, SignOptions? Sign, AlreadyProtected AlreadyProtected)
{
    /// <summary>The name that stands for "no rule matched".</summary>
    public const string Otherwise = "(otherwise)";

    /// <summary>
    /// True when both ask for the same work, so that their recipients stay one message. Two rules that pass do; two that sign are the
    /// same only when they are one rule, since equal options may still name different sources tomorrow.
    /// </summary>
    public bool AsksTheSameAs(Decision other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Action == other.Action && ReferenceEquals(Sign, other.Sign);
    }

    /// <summary>
    /// The decision once it is known how the message arrived: mail that is signed or encrypted already passes, unless the rule asks
    /// for another signature on top.
    /// </summary>
    public Decision Given(ExistingProtection existing) =>
        Action == DecisionAction.Protect && AlreadyProtected == AlreadyProtected.Keep && existing != ExistingProtection.None
            ? this with { Action = DecisionAction.Pass, Sign = null }
            : this;
}
