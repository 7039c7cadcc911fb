using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Deciding;

/// <summary>What is to happen with a message for one recipient, and which rule says so.</summary>
/// <param name="RuleName">The rule that matched, or <see cref="Otherwise"/>.</param>
/// <param name="Action">What is to be done.</param>
/// <param name="Sign">How to sign; null when nothing is signed.</param>
/// <param name="AlreadyProtected">What to do with mail that arrives signed or encrypted.</param>
public sealed record Decision(string RuleName, DecisionAction Action, SignOptions? Sign, AlreadyProtected AlreadyProtected)
{
    /// <summary>The name that stands for "no rule matched".</summary>
    public const string Otherwise = "(otherwise)";

    /// <summary>How to encrypt; null when nothing is encrypted.</summary>
    public EncryptTerms? Encrypt { get; init; }

    /// <summary>True when an encrypted message is signed on the outside too.</summary>
    public bool SignsOutside { get; init; }

    /// <summary>True when the content is signed, before it is encrypted or without being encrypted.</summary>
    public bool SignsInside { get; init; }

    /// <summary>True when TNEF objects become MIME before anything else is done.</summary>
    public bool ConvertsTnef { get; init; }

    /// <summary>Takes out of the header what made the rule apply; null when that stays.</summary>
    public TriggerRemoval? Trigger { get; init; }

    /// <summary>True when the header is protected with the content (RFC 9788).</summary>
    public bool ProtectsHeader => Sign is { ProtectHeaders: true } || Encrypt is { Options.ProtectHeaders: true };

    /// <summary>
    /// True when both ask for the same work, so that their recipients stay one message. Two rules that pass do; two that protect are the
    /// same only when they are one rule, since equal options may still name different sources tomorrow.
    /// </summary>
    public bool AsksTheSameAs(Decision other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Action == other.Action && ReferenceEquals(Sign, other.Sign) && ReferenceEquals(Encrypt, other.Encrypt);
    }

    /// <summary>The protection the message arrived with, where it is the reason why it is relayed as it came; for the log.</summary>
    public string? Kept { get; init; }

    /// <summary>
    /// The decision once it is known how the message arrived. Mail that is protected already passes, unless the rule asks for another
    /// layer on top; but what a rule wants encrypted and is not, is encrypted, with the signature it has.
    /// </summary>
    /// <param name="arrived">How the message is protected; its proof is asked for only where that matters.</param>
    public Decision Given(ArrivedProtection arrived)
    {
        ArgumentNullException.ThrowIfNull(arrived);
        if (Action != DecisionAction.Protect || AlreadyProtected != AlreadyProtected.Keep)
        {
            return this;
        }

        return arrived.IsEncrypted || (Encrypt is null && arrived.IsSigned)
                ? this with
                {
                    Action = DecisionAction.Pass,
                    Sign = null,
                    Encrypt = null,
                    SignsInside = false,
                    SignsOutside = false,
                    Trigger = null,
                    Kept = arrived.ToString(),
                }
            : arrived.IsSigned ? this with { SignsInside = false }
            : this;
    }
}

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
