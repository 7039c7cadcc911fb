using SmimeGateway.Deciding.Options;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>
/// All rules in their order. The first rule that matches wins, decided for each recipient; when none does, the configured
/// <c>otherwise</c> applies.
/// </summary>
public sealed class RuleBook
{
    private readonly Rule[] _rules;
    private readonly Decision[] _decisions;
    private readonly RuleIndex _index;
    private readonly Decision _otherwise;
    private readonly Strictness _strictness;

    /// <summary>Parses and indexes the rules.</summary>
    /// <param name="rules">The rules in their order.</param>
    /// <param name="otherwise">What applies when none does.</param>
    /// <param name="encryption">What rules that encrypt leave out.</param>
    public RuleBook(IReadOnlyList<RuleOptions> rules, WhenNoRuleMatches otherwise, EncryptionOptions encryption)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = [.. rules.Select((options, position) => new Rule(position, options))];
        _decisions = [.. rules.Select(rule => ToDecision(rule, encryption))];
        _index = new RuleIndex(_rules);
        _strictness = new Strictness(_decisions);
        _otherwise = new Decision(
            Decision.Otherwise,
            otherwise == WhenNoRuleMatches.Pass ? DecisionAction.Pass : DecisionAction.Reject,
            Sign: null,
            AlreadyProtected.Keep);
    }

    /// <summary>The rules in their order.</summary>
    public IReadOnlyList<Rule> Rules => _rules;

    /// <summary>
    /// Decides for one recipient. Looks only at rules whose literal addresses or domains fit, however many there are. Of a message with
    /// several authors, each is decided for, and the strictest decision holds (<see cref="Strictness"/>): what a rule protects for one of them does not leave
    /// unprotected because another is named with him.
    /// </summary>
    public Decision Decide(MessageFacts facts, MailPath recipient)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(recipient);
        var decision = facts.OtherSenders.Count == 0
            ? DecideForOne(facts, recipient)
            : facts.ForEachSender().Select(one => DecideForOne(one, recipient)).MaxBy(one => one, _strictness)!;
        return FindInDoubt(facts, recipient) is { } inDoubt && _strictness.Compare(inDoubt, decision) > 0 ? inDoubt : decision;
    }

    /// <summary>
    /// Tells for every rule up to the one that decides why it does not apply. Asks all of them in turn, so it is for people, not for
    /// the path of a message.
    /// </summary>
    public IEnumerable<(Rule Rule, RuleMismatch Mismatch)> Explain(MessageFacts facts, MailPath recipient)
    {
        foreach (var rule in _rules)
        {
            var mismatch = rule.Judge(facts, recipient);
            yield return (rule, mismatch);
            if (mismatch == RuleMismatch.None)
            {
                yield break;
            }
        }
    }

    private Decision DecideForOne(MessageFacts facts, MailPath recipient) =>
        _index.FindFirst(facts, recipient) is { } rule ? _decisions[rule.Position] : _otherwise;

    // What encrypts for somebody who may be read in a From that nobody can read for sure.
    private Decision? FindInDoubt(MessageFacts facts, MailPath recipient)
    {
        if (facts.MayBeFrom is null)
        {
            return null;
        }

        var to = ComparableAddress.Of(recipient);
        return Array.Find(_rules, rule => rule.JudgeInDoubt(facts, to) == RuleMismatch.None) is { Options.Encrypt: not null } rule
            ? _decisions[rule.Position]
            : null;
    }

    private static Decision ToDecision(RuleOptions rule, EncryptionOptions encryption)
    {
        var action = rule.Sign is null && rule.Encrypt is null ? DecisionAction.Pass : DecisionAction.Protect;
        return new Decision(rule.Name, action, rule.Sign, rule.AlreadyProtected)
        {
            Encrypt = rule.Encrypt is { } encrypt ? new EncryptTerms(encrypt, encryption) : null,
            SignsInside = rule.Sign is not null,
            SignsOutside = rule.Sign is not null && rule.Encrypt is not null && rule.Wrap == MessageWrap.Triple,
            ConvertsTnef = rule.Tnef == TnefTreatment.Convert,
            Trigger = rule.RemoveTrigger ? new TriggerRemoval(rule.When) : null,
        };
    }
}
