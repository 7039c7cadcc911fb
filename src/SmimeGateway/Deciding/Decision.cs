using SmimeGateway.Mime;

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

    /// <summary>
    /// The decision once it is known how the message arrived. Mail that is protected already passes, unless the rule asks for another
    /// layer on top; but what a rule wants encrypted and is not, is encrypted, with the signature it has.
    /// </summary>
    /// <param name="existing">How the message says it is protected.</param>
    /// <param name="isEncrypted">Tells whether it really is encrypted; asked only where that matters.</param>
    public Decision Given(ExistingProtection existing, Func<bool> isEncrypted)
    {
        ArgumentNullException.ThrowIfNull(isEncrypted);
        if (Action != DecisionAction.Protect || AlreadyProtected != AlreadyProtected.Keep || existing == ExistingProtection.None)
        {
            return this;
        }

        if (Encrypt is null || isEncrypted())
        {
            return this with { Action = DecisionAction.Pass, Sign = null, Encrypt = null, SignsInside = false, SignsOutside = false, Trigger = null };
        }

        return existing is ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned or ExistingProtection.PgpSigned
            ? this with { SignsInside = false }
            : this;
    }
}
