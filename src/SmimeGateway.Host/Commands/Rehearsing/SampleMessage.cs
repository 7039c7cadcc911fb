using System.Net;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>Makes up a message for a rule, with addresses that fit its patterns.</summary>
internal static class SampleMessage
{
    /// <summary>A message that the rule would apply to; null when no addresses fit.</summary>
    /// <param name="gateway">The configuration.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="rehearsal">Whose sources are asked first: an address that has a certificate shows more than a made-up one.</param>
    public static TrialMessage? For(GatewayOptions gateway, RuleOptions rule, Rehearsal rehearsal)
    {
        var sender = FirstOr(rule.When.Sender, gateway.Senders[0].Address[0]);
        var recipient = FirstOr(rule.When.Recipient, "*@example.net");
        var author = FindKnown(sender, rehearsal.Sources.Certificates
            .Where(certificate => Names(rule.Sign?.With, certificate.Source))
            .SelectMany(certificate => certificate.Traits.Addresses));
        var partner = FindKnown(rule.When.Recipient.Count > 0 ? recipient : "*", rehearsal.Partners.Certificates
            .Where(certificate => Names(rule.Encrypt?.To, certificate.Source))
            .SelectMany(certificate => certificate.Traits.Addresses));

        var from = MailPath.Null;
        if ((sender != "<>" && !MailPath.TryParse(author ?? AddressFor(sender), out from))
            || !MailPath.TryParse(partner ?? AddressFor(recipient), out var to))
        {
            return null;
        }

        var listener = FirstOr(rule.When.Listener, gateway.Listeners[0].Name);
        return TrialMessage.Create(gateway, from, [to], listener, IPAddress.Loopback, TrialMessage.Invent(from, [to], subject: null));
    }

    private static string? FindKnown(string pattern, IEnumerable<string> addresses) => addresses.FirstOrDefault(AddressPattern.Parse(pattern).Matches);

    private static bool Names(IReadOnlyList<string>? sources, string source) => sources?.Contains(source, StringComparer.OrdinalIgnoreCase) == true;

    private static string FirstOr(IReadOnlyList<string> values, string otherwise) => values.Count > 0 ? values[0] : otherwise;

    private static string AddressFor(string pattern) =>
        (pattern == "*" ? "*@example.com" : pattern).Replace("*", "sample", StringComparison.Ordinal).Replace('?', 'x');
}
