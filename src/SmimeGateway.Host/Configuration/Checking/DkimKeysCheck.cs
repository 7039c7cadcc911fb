using SmimeGateway.Locating.Dkim;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The keys of the domains that sign can be used, and verifiers will take what they make.</summary>
internal static class DkimKeysCheck
{
    // RFC 8301 section 3.2.
    private const int AdvisedBits = 2048;

    /// <summary>One finding for each entry.</summary>
    public static IEnumerable<CheckFinding> Check(SigningDomains domains) => domains.All.Select((domain, i) => Judge(domain, i, domains.All));

    private static CheckFinding Judge(SigningDomain domain, int place, IReadOnlyList<SigningDomain> all)
    {
        var subject = $"dkim[{place}]: {domain.Name}";
        var (key, problem) = domain.Key;
        if (key is null)
        {
            return CheckFinding.Error(subject, $"{SigningDomain.PlaceOf(domain.Options)}: {problem}. Mail that it is to sign waits (451 4.4.3) until the key can be read.");
        }

        if (problem is not null)
        {
            return CheckFinding.Error(subject, $"{SigningDomain.PlaceOf(domain.Options)}: {problem}. Until that is mended, mail is signed by the key that was read before.");
        }

        if (key.Kind == "rsa" && key.Bits < AdvisedBits)
        {
            return CheckFinding.Warning(subject, $"The RSA key has {key.Bits} bits, and verifiers may want {AdvisedBits} (RFC 8301). Make one: smimegateway dkim keygen FILE.");
        }

        // Gmail and Outlook.com verify none of them.
        if (key.Kind != "rsa" && !all.Any(other => other.Domain == domain.Domain && other.Options.Mail >= domain.Options.Mail && other.Key.Key is { Kind: "rsa" }))
        {
            return CheckFinding.Warning(subject, "Many verifiers know no Ed25519 yet, and the domain has no RSA key beside it. Add an entry with one, under another selector.");
        }

        return CheckFinding.Good(subject, $"Signs {ConfiguredName.Of(domain.Options.Mail)} mail with {key}. The DNS has to know it: smimegateway dkim record.");
    }
}
