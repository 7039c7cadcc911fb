using SmimeGateway.Certificates;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Locating;

/// <summary>
/// Tells which rules cannot encrypt to a certificate that is otherwise usable, as its key does not allow the way in which they do: the
/// judgement of the message path, for whoever asks before there is a message.
/// </summary>
public sealed class KeyFitness
{
    private readonly PreparedRecipients _prepared = new();
    private readonly ILookup<string, (string Rule, EncryptTerms Terms)> _rules;
    private readonly EncryptTerms _defaults;

    /// <summary>Judges for rules, and for what they leave to <c>encryption</c>.</summary>
    public KeyFitness(IReadOnlyList<RuleOptions> rules, EncryptionOptions encryption)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _defaults = new EncryptTerms(new EncryptOptions { To = [] }, encryption);
        _rules = rules
            .Where(rule => rule.Encrypt is not null)
            .SelectMany(rule => rule.Encrypt!.To, (rule, source) => (Source: source, Rule: rule.Name, Terms: new EncryptTerms(rule.Encrypt!, encryption)))
            .ToLookup(entry => entry.Source, entry => (entry.Rule, entry.Terms), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Why a certificate cannot be encrypted to; null where a rule that asks its source can, or the defaults where none does.</summary>
    public string? FindFault(PartnerCertificate partner)
    {
        ArgumentNullException.ThrowIfNull(partner);
        var rules = _rules[partner.Source].ToList();
        var faults = (rules.Count == 0 ? [_defaults] : rules.Select(rule => rule.Terms)).Select(terms => FaultOf(partner, terms)).ToList();
        return faults.Contains(null) ? null : faults[0];
    }

    /// <summary>The rules that ask the source of a certificate and cannot encrypt to it, with the reason.</summary>
    public IReadOnlyList<(string Rule, string Fault)> FindUnableRules(PartnerCertificate partner)
    {
        ArgumentNullException.ThrowIfNull(partner);
        return [.. _rules[partner.Source].Select(rule => (rule.Rule, Fault: FaultOf(partner, rule.Terms)!)).Where(rule => rule.Fault is not null)];
    }

    private string? FaultOf(PartnerCertificate partner, EncryptTerms terms) =>
        _prepared.TryGet(partner.Certificate, terms.KeyTransport, terms.IdentifyBy, out _, out var fault) ? null : fault;
}
