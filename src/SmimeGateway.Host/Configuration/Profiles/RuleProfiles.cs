using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Profiles;

/// <summary>Puts what a profile prescribes where a rule says nothing. What the file says always stands.</summary>
internal static class RuleProfiles
{
    /// <summary>The options with all profiles applied.</summary>
    /// <param name="options">The options as bound.</param>
    /// <param name="root">The document they were bound from, which tells what is written and what is a default.</param>
    public static GatewayOptions Apply(GatewayOptions options, Place root) =>
        options.Rules.All(rule => rule.Profile is null)
            ? options
            : options with { Rules = [.. options.Rules.Select((rule, i) => Apply(rule, root["rules"][i]))] };

    /// <summary>True when the rule's profile gives a key of its <c>sign</c> a value, unless the rule writes it.</summary>
    public static bool GivesToSign(RuleOptions rule, string key) => rule.Profile is not null && EdiEnergyProfile.SignKeys.Contains(key);

    /// <summary>True when the rule's profile gives a key of its <c>encrypt</c> a value, unless the rule writes it.</summary>
    public static bool GivesToEncrypt(RuleOptions rule, string key) => rule.Profile is not null && EdiEnergyProfile.EncryptKeys.Contains(key);

    private static RuleOptions Apply(RuleOptions rule, Place place) => rule.Profile is null ? rule : rule with
    {
        Sign = rule.Sign is { } sign ? EdiEnergyProfile.Fill(sign, key => place["sign"][key].IsPresent) : null,
        Encrypt = rule.Encrypt is { } encrypt ? EdiEnergyProfile.Fill(encrypt, key => place["encrypt"][key].IsPresent) : null,
    };
}
