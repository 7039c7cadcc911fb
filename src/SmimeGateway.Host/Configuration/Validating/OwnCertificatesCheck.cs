using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Every place of own certificates is of exactly one kind, and has the keys of that kind alone.</summary>
internal static class OwnCertificatesCheck
{
    /// <summary>Complains about entries of no kind or several, and keys that belong to another kind.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var list = root["certificates"]["own"];
        UniqueNames.Check(options.Certificates.Own.Select(own => own.Name), list, complaints);
        for (var i = 0; i < options.Certificates.Own.Count; i++)
        {
            if (complaints.IsSound(list[i]))
            {
                Check(options.Certificates.Own[i], list[i], complaints);
            }
        }
    }

    private static void Check(OwnCertificateOptions own, Place place, Complaints complaints)
    {
        object?[] kinds = [own.Pkcs12, own.Pem, own.Folder, own.Authority];
        if (kinds.Count(kind => kind is not null) != 1)
        {
            complaints.Error(place, new Flaw(
                "an entry is of exactly one kind", "Write one of \"pkcs12\", \"pem\", \"folder\" and \"authority\"; make several entries of several kinds."));
            return;
        }

        if (own.Authority is not null && own.IssueFor.Count == 0)
        {
            complaints.Error(place["issueFor"], new Flaw(
                "the authority has nobody to issue for", "Add \"issueFor\" with the addresses, such as \"*@example.com\"."));
        }

        if (own.Authority is null && own.IssueFor.Count > 0)
        {
            complaints.Error(place["issueFor"], new Flaw("only an authority issues certificates", "Remove the key, or write \"authority\"."));
        }

        if (own.Authority is null && own.IssueKeys != AuthorityKey.Rsa2048)
        {
            complaints.Error(place["issueKeys"], new Flaw("only an authority makes keys", "Remove the key, or write \"authority\"."));
        }

        if (own.Authority is not null && own.IssueKeys is AuthorityKey.Ed25519 or AuthorityKey.MlDsa)
        {
            complaints.Warning(place["issueKeys"], new Flaw(
                $"{(own.IssueKeys is AuthorityKey.MlDsa ? "no mail program that is known reads" : "OpenSSL, GnuPG, NSS (Thunderbird) and .NET do not read")} signatures of such keys",
                "Write \"rsa2048\" where recipients use these; they would call every signature broken."));
        }

        if (own.Password is not null && own.Pkcs12 is null && own.Folder is null)
        {
            complaints.Error(place["password"], new Flaw(
                "only \"pkcs12\" and \"folder\" take a password here",
                own.Pem is null ? "Remove the key." : "Move the password into \"pem\"."));
        }
    }
}
