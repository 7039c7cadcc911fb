using SmimeGateway.Certificates;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Locating.Dkim;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Every entry of <c>dkim</c> is one that verifiers can look up, and signs fields that arrive.</summary>
internal static class DkimCheck
{
    // Servers write, change or take out these, or they are for nobody else to see.
    private static readonly string[] NeverSigned =
    [
        "Bcc", "Resent-Bcc", "Return-Path", "Received", "Delivered-To", "DKIM-Signature", "DomainKey-Signature", "Authentication-Results", "Received-SPF",
        "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results",
    ];

    /// <summary>Complains about names that are none, the same entry twice, and fields that break the signature.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < options.Dkim.Count; i++)
        {
            var place = root["dkim"][i];
            if (complaints.IsSound(place))
            {
                Check(options.Dkim[i], place, known, complaints);
                CheckSenders(options, options.Dkim[i], place, complaints);
            }
        }
    }

    private static void Check(DkimOptions entry, Place place, HashSet<string> known, Complaints complaints)
    {
        if (!DomainName.TryNormalize(entry.Domain, out var domain) || !HostText.IsHostName(domain) || !domain.Contains('.', StringComparison.Ordinal))
        {
            complaints.Error(place["domain"], new Flaw("this is no domain", "Write the domain of the authors, such as \"example.com\"."));
        }
        else if (entry.Selector.Split('.') is var labels && Array.FindIndex(labels, label => label.Equals("_domainkey", StringComparison.OrdinalIgnoreCase)) is >= 0 and var end)
        {
            complaints.Error(place["selector"], new Flaw("the name in the DNS gets its \"_domainkey\" from the gateway", end == 0 ? "Write what stands before it." : $"Write what stands before it: \"{string.Join('.', labels[..end])}\"."));
        }
        else if (!HostText.IsHostName(entry.Selector) || !HostText.IsHostName($"{entry.Selector}._domainkey.{domain}"))
        {
            complaints.Error(place["selector"], new Flaw("this is no selector", "Write letters, digits and hyphens, such as \"s2026\"."));
        }
        else if (!known.Add($"{entry.Selector}._domainkey.{domain}"))
        {
            complaints.Error(place["selector"], new Flaw("the domain has this selector twice", "Give each key of a domain a selector of its own: the DNS has one record for each."));
        }

        CheckFields(entry.Headers, place["headers"], complaints);
        CheckFields(entry.Oversign, place["oversign"], complaints);
    }

    // Entries for all domains hand in what others wrote, so that they do not count.
    private static void CheckSenders(GatewayOptions options, DkimOptions entry, Place place, Complaints complaints)
    {
        string[] authors = entry.Subdomains ? [$"*@{entry.Domain}", $"*@*.{entry.Domain}"] : [$"*@{entry.Domain}"];
        var named = options.Senders.SelectMany(sender => sender.Address).Select(AddressPattern.Parse).Where(pattern => pattern.NamesDomain).ToList();
        if (complaints.IsSound(place["domain"]) && !authors.Select(AddressPattern.Parse).Any(author => named.Exists(author.Meets)))
        {
            complaints.Warning(place["domain"], new Flaw(
                "no mail of clients is signed: no entry of \"senders\" names authors in this domain, and one for all domains does not count",
                $"Add {{ \"address\": \"*@{entry.Domain}\", \"clients\": [...] }} for those who may sign."));
        }
    }

    private static void CheckFields(IReadOnlyList<string> names, Place place, Complaints complaints)
    {
        if (!place.IsPresent)
        {
            return;
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Any(letter => letter is <= ' ' or ':' or ';' or > '~') || names[i].Length > 100)
            {
                complaints.Error(place[i], new Flaw("no header field has this name", "Write the name of a header field without the colon."));
            }
            else if (NeverSigned.Contains(names[i], StringComparer.OrdinalIgnoreCase))
            {
                complaints.Error(place[i], new Flaw("this field is not signed: servers on the way write it, change it or take it out", "Remove it from the list."));
            }
            else if (names.Take(i).Contains(names[i], StringComparer.OrdinalIgnoreCase))
            {
                complaints.Error(place[i], new Flaw("the field is there twice", "Remove it: all fields of a name are signed, and \"oversign\" closes the list."));
            }
        }
    }
}
