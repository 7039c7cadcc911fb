using SmimeGateway.Cms;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Nothing encrypts that is not in the list of ciphers, also to recipients of whom nothing is known.</summary>
internal static class CipherListsCheck
{
    /// <summary>Complains about ciphers that are in a list twice, and ciphers for unknown recipients that are in none.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var defaults = options.Encryption;
        var place = root["encryption"];
        var areDefaultsSound = complaints.IsSound(place["ciphers"]) && complaints.IsSound(place["unknownCapabilities"]);
        CheckDuplicates(defaults.Ciphers, place["ciphers"], complaints);
        CheckDuplicates(defaults.Announce, place["announce"], complaints);
        if (areDefaultsSound)
        {
            CheckMember(defaults.UnknownCapabilities, defaults.Ciphers, "encryption.ciphers", place["unknownCapabilities"], complaints);
        }

        for (var i = 0; i < options.Rules.Count; i++)
        {
            var within = root["rules"][i]["encrypt"];
            if (options.Rules[i].Encrypt is not { } encrypt || !complaints.IsSound(within))
            {
                continue;
            }

            CheckDuplicates(encrypt.Ciphers, within["ciphers"], complaints);
            if (encrypt.UnknownCapabilities is { } cipher && (encrypt.Ciphers.Count > 0 || areDefaultsSound))
            {
                var hasOwn = encrypt.Ciphers.Count > 0;
                CheckMember(
                    cipher, hasOwn ? encrypt.Ciphers : defaults.Ciphers, hasOwn ? "the ciphers of the rule" : "encryption.ciphers", within["unknownCapabilities"], complaints);
            }
        }
    }

    private static void CheckDuplicates(IReadOnlyList<ContentCipher> ciphers, Place list, Complaints complaints)
    {
        if (!complaints.IsSound(list))
        {
            return;
        }

        for (var i = 1; i < ciphers.Count; i++)
        {
            if (ciphers.Take(i).Contains(ciphers[i]))
            {
                complaints.Error(list[i], new Flaw("the cipher is in the list already", "Write each cipher once, the best first."));
            }
        }
    }

    private static void CheckMember(ContentCipher cipher, IReadOnlyList<ContentCipher> list, string name, Place place, Complaints complaints)
    {
        if (!list.Contains(cipher))
        {
            complaints.Error(place, new Flaw(
                $"recipients of whom nothing is known would get {ConfiguredName.Of(cipher)}, which is not in {name}",
                $"Set \"unknownCapabilities\" to one of the list ({string.Join(", ", list.Distinct().Select(member => ConfiguredName.Of(member)))}), or add the cipher to the list."));
        }
    }
}
