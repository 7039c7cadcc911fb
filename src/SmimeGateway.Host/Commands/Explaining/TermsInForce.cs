using System.Collections;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Host.Configuration.Profiles;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Commands.Explaining;

/// <summary>
/// All values by which a rule signs and encrypts, whether the rule writes them or not: an administrator asks what is in force, and where
/// to change it.
/// </summary>
internal static class TermsInForce
{
    private const string FromRule = "the rule";
    private const string FromDefault = "default";

    // What says for which messages a rule stands and what it consists of; every other key of a rule is a term.
    private static readonly string[] NoTerms = ["name", "when", "pass", "sign", "encrypt", "profile"];

    /// <summary>The values of a rule; none for one that passes.</summary>
    /// <param name="gateway">The configuration.</param>
    /// <param name="position">Which rule, from zero.</param>
    /// <param name="document">The document the configuration was read from.</param>
    public static IReadOnlyList<TermInForce> Of(GatewayOptions gateway, int position, ConfigurationNode document)
    {
        var rule = gateway.Rules[position];
        var root = new Place(document);
        var place = root["rules"][position];
        var terms = new List<TermInForce>();
        if (rule.Sign is { } sign)
        {
            terms.AddRange(OptionShape.Of(typeof(SignOptions)).Keys.Select(key =>
                new TermInForce("sign." + key.Name, Written(key.Property.GetValue(sign)), SourceOf(rule, place["sign"][key.Name], RuleProfiles.GivesToSign(rule, key.Name)))));
        }

        if (rule.Encrypt is { } encrypt)
        {
            terms.AddRange(OptionShape.Of(typeof(EncryptOptions)).Keys.Select(key => OfEncrypt(rule, encrypt, gateway.Encryption, key, place["encrypt"], root)));
        }

        if (terms.Count > 0)
        {
            terms.AddRange(OptionShape.Of(typeof(RuleOptions)).Keys.Where(key => !NoTerms.Contains(key.Name)).Select(key =>
                new TermInForce(key.Name, Written(key.Property.GetValue(rule)), SourceOf(rule, place[key.Name], isOfProfile: false))));
        }

        return terms;
    }

    private static TermInForce OfEncrypt(
        RuleOptions rule, EncryptOptions encrypt, EncryptionOptions defaults, OptionKey key, Place block, Place root)
    {
        var name = "encrypt." + key.Name;
        var own = key.Property.GetValue(encrypt);
        if (own is not null && own is not ICollection { Count: 0 })
        {
            return new TermInForce(name, Written(own), SourceOf(rule, block[key.Name], RuleProfiles.GivesToEncrypt(rule, key.Name)));
        }

        // Who lists ciphers says what partners read, so the first of them is for those who say nothing.
        if (key.Name == "unknownCapabilities" && encrypt.Ciphers.Count > 0)
        {
            return new TermInForce(name, Written(encrypt.Ciphers[0]), "the first of encrypt.ciphers");
        }

        var general = OptionShape.Of(typeof(EncryptionOptions)).Find(key.Name)!.Property.GetValue(defaults);
        var source = root["encryption"][key.Name].IsPresent ? "encryption" : FromDefault;
        return new TermInForce(name, Written(general), source);
    }

    private static string SourceOf(RuleOptions rule, Place place, bool isOfProfile) =>
        place.IsPresent ? FromRule
        : isOfProfile ? $"profile {ConfiguredName.Of(rule.Profile!.Value)}"
        : FromDefault;

    private static string Written(object? value) => value switch
    {
        null => "none",
        string text => text,
        bool isOn => isOn ? "true" : "false",
        Enum member => ConfiguredName.Of(member),
        CertificateSelection { IsBySender: true } => "bySender",
        CertificateSelection selection => selection.Address ?? selection.Thumbprint!,
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Written)),
        _ => value.ToString()!,
    };
}
