using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Every place of partners' certificates is of exactly one kind, and has the keys of that kind alone.</summary>
internal static class PartnerCertificatesCheck
{
    /// <summary>Complains about entries of no kind or both, and keys that belong to the other kind.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var list = root["certificates"]["partners"];
        UniqueNames.Check(options.Certificates.Partners.Select(partner => partner.Name), list, complaints);
        var harvests = 0;
        for (var i = 0; i < options.Certificates.Partners.Count; i++)
        {
            if (options.Certificates.Partners[i] is { Harvested: not null, Folder: null } && ++harvests > 1 && complaints.IsSound(list[i]))
            {
                complaints.Error(list[i]["harvested"], new Flaw("certificates from mail are kept in one place", "Remove this entry, and name the other one in \"to\"."));
            }
            else if (complaints.IsSound(list[i]))
            {
                Check(options.Certificates.Partners[i], list[i], complaints);
                CheckTrust(options.Certificates, i, list[i], root["certificates"]["trust"], complaints);
            }
        }
    }

    private static void Check(PartnerCertificateOptions partner, Place place, Complaints complaints)
    {
        if (partner.Folder is null == partner.Harvested is null)
        {
            complaints.Error(place, new Flaw(
                "an entry is of exactly one kind", "Write either \"folder\" or \"harvested\"; make two entries of the two kinds."));
        }
        else if (partner.Harvested is not null && place["accept"].IsPresent)
        {
            complaints.Error(place["accept"], new Flaw(
                "certificates from mail are kept only when they are trusted", "Remove the key; \"harvested\" has an \"accept\" of its own."));
        }
    }

    // With nobody to trust, the folder would be full and nothing could be encrypted. The built-in authority issues for our own addresses,
    // so that it may be whose certificates mail brings along, but hardly those of partners.
    private static void CheckTrust(CertificateOptions options, int index, Place place, Place trust, Complaints complaints)
    {
        var partner = options.Partners[index];
        var hasRoots = options.Trust.Roots.Count > 0 || options.Trust.SystemRoots;
        var isCovered = partner.Harvested is null
            ? partner.Accept == PartnerAcceptance.All
            : options.Own.Any(own => own.Authority is not null);
        if (!hasRoots && !isCovered && complaints.IsSound(trust))
        {
            complaints.Warning(place, new Flaw(
                "none of these certificates would be trusted, because no roots are",
                "Name \"roots\" in \"trust\", or set \"systemRoots\" there"
                + (partner.Harvested is null ? ", or write \"accept\": \"all\" if everything in the folder may be used." : ".")));
        }
    }
}
