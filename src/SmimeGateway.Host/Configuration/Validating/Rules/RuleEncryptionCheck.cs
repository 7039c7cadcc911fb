using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>Rules that encrypt do so for everybody, and in a way that is read.</summary>
internal static class RuleEncryptionCheck
{
    private static readonly Flaw FewDecompress = new(
        "few clients read compressed content, and show an attachment instead", "Remove the key unless all recipients are known to read it.");

    /// <summary>Complains about keys that need another one, and warns about plain text and what few clients read.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        if (options.Encryption.Compress)
        {
            complaints.Warning(root["encryption"]["compress"], FewDecompress);
        }

        for (var i = 0; i < options.Rules.Count; i++)
        {
            var place = root["rules"][i]["encrypt"];
            if (options.Rules[i].Encrypt is { } encrypt && complaints.IsSound(place))
            {
                Check(encrypt, place, complaints);
            }
        }
    }

    private static void Check(EncryptOptions encrypt, Place place, Complaints complaints)
    {
        if (encrypt is { LegacyDisplay: true, ProtectHeaders: false })
        {
            complaints.Error(place["legacyDisplay"], new Flaw(
                "there is nothing to display as long as headers are not protected", "Add \"protectHeaders\": true, or remove the key."));
        }

        if (encrypt.Compress == true)
        {
            complaints.Warning(place["compress"], FewDecompress);
        }

        if (encrypt.WhenMissing == WhenRecipientMissing.Pass)
        {
            complaints.Warning(place["whenMissing"], new Flaw(
                "mail to recipients without a certificate leaves in plain text",
                "Write \"reject\", \"bounce\", \"defer\" or \"hold\" unless the rule is for mail that may be read by everybody."));
        }
    }
}
