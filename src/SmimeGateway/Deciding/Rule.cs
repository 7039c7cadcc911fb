using System.Net;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>A rule with its patterns parsed. All its conditions must hold; a condition with several values holds when one of them does.</summary>
public sealed class Rule
{
    private readonly string[] _listeners;
    private readonly IPNetwork[] _clients;
    private readonly WildcardPattern[] _users;
    private readonly TextPattern[] _subjects;
    private readonly (string Name, TextPattern[] Values)[] _header;
    private readonly TextPattern[] _contents;

    // Of these there are several in good mail (RFC 5322 section 3.6), and a condition means one of them.
    private static readonly string[] Repeated =
        ["Received", "Comments", "Keywords", "DKIM-Signature", "Authentication-Results", "Received-SPF", "ARC-Seal", "ARC-Authentication-Results"];

    /// <summary>Parses a configured rule.</summary>
    /// <param name="position">Where the rule stands in the list, from zero: the lowest position that matches wins.</param>
    /// <param name="options">The configured rule.</param>
    public Rule(int position, RuleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Position = position;
        Options = options;

        var when = options.When;
        Senders = [.. when.Sender.Select(AddressPattern.Parse)];
        Recipients = [.. when.Recipient.Select(AddressPattern.Parse)];
        _listeners = [.. when.Listener];
        _clients = [.. when.Client];
        _users = [.. when.User.Select(WildcardPattern.Parse)];
        _subjects = [.. when.Subject.Select(TextPattern.Parse)];
        _header = [.. when.Header.Select(entry => (entry.Key, entry.Value.Select(TextPattern.Parse).ToArray()))];
        _contents = [.. when.Content.Select(TextPattern.Parse)];
    }

    /// <summary>Where the rule stands in the list, from zero.</summary>
    public int Position { get; }

    /// <summary>The rule as configured.</summary>
    public RuleOptions Options { get; }

    /// <summary>The name the log and the decision give.</summary>
    public string Name => Options.Name;

    // What a message is not known to be must not keep it from being encrypted.
    private bool AppliesInDoubt => Options.Encrypt is not null;

    internal IReadOnlyList<AddressPattern> Senders { get; }

    internal IReadOnlyList<AddressPattern> Recipients { get; }

    /// <summary>Says which condition keeps the rule from applying, or that none does. The cheap conditions are asked first.</summary>
    public RuleMismatch Judge(MessageFacts facts, MailPath recipient)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return Judge(facts, ComparableAddress.Of(facts.Sender), ComparableAddress.Of(recipient));
    }

    /// <summary>The same, for addresses that many rules are asked about.</summary>
    internal RuleMismatch Judge(MessageFacts facts, ComparableAddress sender, ComparableAddress recipient) =>
        HoldsFor(Senders, sender) ? JudgeRest(facts, recipient) : RuleMismatch.Sender;

    /// <summary>The same for an author that cannot be read: rules that encrypt apply to whomever it may be, others to nobody in particular.</summary>
    internal RuleMismatch JudgeInDoubt(MessageFacts facts, ComparableAddress recipient) =>
        Senders.Count == 0 || (AppliesInDoubt && facts.MayBeFrom is { } mayBe && Senders.Any(pattern => mayBe(pattern)))
            ? JudgeRest(facts, recipient)
            : RuleMismatch.Sender;

    private RuleMismatch JudgeRest(MessageFacts facts, ComparableAddress recipient) =>
        !HoldsFor(Recipients, recipient) ? RuleMismatch.Recipient
            : !HoldsForListener(facts.Listener) ? RuleMismatch.Listener
            : !HoldsForClient(facts.Client) ? RuleMismatch.Client
            : !HoldsFor(_users, facts.User) ? RuleMismatch.User
            : !HoldsForSubject(facts) ? RuleMismatch.Subject
            : !HoldsForHeader(facts) ? RuleMismatch.Header
            : !HoldsForContent(facts) ? RuleMismatch.Content
            : RuleMismatch.None;

    // A rule that names no sender asks nothing of a null one either: "recipient": "abuse@*" alone applies to bounces too, while
    // "sender": "*" does not.
    private static bool HoldsFor(IReadOnlyList<AddressPattern> patterns, ComparableAddress address)
    {
        if (patterns.Count == 0)
        {
            return true;
        }

        for (var i = 0; i < patterns.Count; i++)
        {
            if (patterns[i].Matches(address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsFor(WildcardPattern[] patterns, string? value) =>
        patterns.Length == 0 || (value is not null && Array.Exists(patterns, pattern => pattern.Matches(value)));

    private bool HoldsForListener(string listener) =>
        _listeners.Length == 0 || Array.Exists(_listeners, name => name.Equals(listener, StringComparison.OrdinalIgnoreCase));

    private bool HoldsForClient(IPAddress client) =>
        _clients.Length == 0 || Array.Exists(_clients, network => network.Contains(client));

    // Which of several subjects a reader shows nobody knows, so a rule that encrypts takes any of them, and no other rule takes the message
    // away from it. The same holds for every field that stands once in good mail.
    private bool HoldsForSubject(MessageFacts facts)
    {
        if (_subjects.Length == 0)
        {
            return true;
        }

        var (texts, isUncertain) = facts.Read("Subject");

        // A message without a subject has an empty one.
        var subjects = texts.Count == 0 ? [string.Empty] : texts;
        return AppliesInDoubt ? isUncertain || subjects.Any(IsSubject) : subjects.All(IsSubject);
    }

    private bool IsSubject(string subject) => Array.Exists(_subjects, pattern => pattern.MatchesCompared(subject));

    private bool HoldsForContent(MessageFacts facts) =>
        _contents.Length == 0
        || (facts.MediaTypes is { } types
            ? types.Any(type => Array.Exists(_contents, pattern => pattern.MatchesCompared(type)))
            : AppliesInDoubt);

    private bool HoldsForHeader(MessageFacts facts)
    {
        foreach (var (name, values) in _header)
        {
            var (texts, isUncertain) = facts.Read(name);
            if (AppliesInDoubt && isUncertain)
            {
                continue;
            }

            var matches = texts.Select(text => values.Length == 0 || Array.Exists(values, value => value.MatchesCompared(text))).ToList();
            var isAnyEnough = AppliesInDoubt || Array.Exists(Repeated, repeated => repeated.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (!matches.Contains(true) || (!isAnyEnough && matches.Contains(false)))
            {
                return false;
            }
        }

        return true;
    }
}
