using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>
/// Finds the first rule that matches without asking all of them. Each rule is filed under the literal addresses or domains of its
/// sender patterns or of its recipient patterns, whichever side shares its keys with fewer other rules; a rule without literal
/// domains on either side is asked for every message.
/// </summary>
internal sealed class RuleIndex
{
    private const string NullSender = "<>";

    private readonly Dictionary<string, Rule[]> _bySender;
    private readonly Dictionary<string, Rule[]> _byRecipient;
    private readonly Rule[] _unfiled;

    public RuleIndex(IReadOnlyList<Rule> rules)
    {
        var keys = rules.Select(rule => (Rule: rule, Sender: KeysOf(rule.Senders), Recipient: KeysOf(rule.Recipients))).ToList();
        var senderUse = CountUses(keys.Select(entry => entry.Sender));
        var recipientUse = CountUses(keys.Select(entry => entry.Recipient));

        var bySender = new Dictionary<string, List<Rule>>(StringComparer.Ordinal);
        var byRecipient = new Dictionary<string, List<Rule>>(StringComparer.Ordinal);
        var unfiled = new List<Rule>();
        foreach (var (rule, sender, recipient) in keys)
        {
            var senderCrowd = Crowd(sender, senderUse);
            var recipientCrowd = Crowd(recipient, recipientUse);
            if (sender is not null && senderCrowd <= recipientCrowd)
            {
                File(bySender, sender, rule);
            }
            else if (recipient is not null)
            {
                File(byRecipient, recipient, rule);
            }
            else
            {
                unfiled.Add(rule);
            }
        }

        _bySender = bySender.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray(), StringComparer.Ordinal);
        _byRecipient = byRecipient.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray(), StringComparer.Ordinal);
        _unfiled = [.. unfiled];
    }

    /// <summary>The matching rule with the lowest position, or null.</summary>
    public Rule? FindFirst(MessageFacts facts, MailPath recipient)
    {
        Rule? best = null;
        var sender = ComparableAddress.Of(facts.Sender);
        var to = ComparableAddress.Of(recipient);
        Consider(_unfiled, facts, sender, to, ref best);
        if (_bySender.Count > 0)
        {
            Consider(Bucket(_bySender, sender.IsNull ? NullSender : sender.Text), facts, sender, to, ref best);
            Consider(Bucket(_bySender, sender.Domain), facts, sender, to, ref best);
        }

        if (_byRecipient.Count > 0)
        {
            Consider(Bucket(_byRecipient, to.Text), facts, sender, to, ref best);
            Consider(Bucket(_byRecipient, to.Domain), facts, sender, to, ref best);
        }

        return best;
    }

    private static Rule[] Bucket(Dictionary<string, Rule[]> index, string key) => index.TryGetValue(key, out var rules) ? rules : [];

    // Buckets keep the order of the rule book, so the first match in a bucket is its best, and later positions need not be asked.
    private static void Consider(Rule[] rules, MessageFacts facts, ComparableAddress sender, ComparableAddress recipient, ref Rule? best)
    {
        foreach (var rule in rules)
        {
            if (best is not null && rule.Position >= best.Position)
            {
                return;
            }

            if (rule.Judge(facts, sender, recipient) == RuleMismatch.None)
            {
                best = rule;
                return;
            }
        }
    }

    // Null when some pattern of this side could match in any domain: then the side cannot file the rule.
    private static HashSet<string>? KeysOf(IReadOnlyList<AddressPattern> patterns)
    {
        if (patterns.Count == 0)
        {
            return null;
        }

        // A pattern that can never match needs no key.
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns.Where(pattern => pattern.CanMatch))
        {
            var key = pattern.MatchesNull ? NullSender : pattern.LiteralAddress ?? pattern.LiteralDomain;
            if (key is null)
            {
                return null;
            }

            keys.Add(key);
        }

        return keys;
    }

    private static Dictionary<string, int> CountUses(IEnumerable<HashSet<string>?> keySets)
    {
        var uses = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in keySets.Where(keys => keys is not null).SelectMany(keys => keys!))
        {
            uses[key] = uses.GetValueOrDefault(key) + 1;
        }

        return uses;
    }

    private static int Crowd(HashSet<string>? keys, Dictionary<string, int> uses) =>
        keys is null ? int.MaxValue : keys.Select(key => uses[key]).DefaultIfEmpty().Max();

    private static void File(Dictionary<string, List<Rule>> index, HashSet<string> keys, Rule rule)
    {
        foreach (var key in keys)
        {
            if (!index.TryGetValue(key, out var rules))
            {
                index[key] = rules = [];
            }

            rules.Add(rule);
        }
    }
}
