using SmimeGateway.Deciding;
using SmimeGateway.Host.Commands.Rehearsing;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Mime;

namespace SmimeGateway.Host.Commands.Explaining;

/// <summary>Which domains sign for an author, or why none does.</summary>
internal static class DkimInForce
{
    /// <summary>A sentence about mail that is dealt with as decided; null where no domain signs anything.</summary>
    public static string? Of(GatewayOptions gateway, SigningDomains domains, TrialMessage message, Decision decision)
    {
        if (domains.IsEmpty || decision.Action == DecisionAction.Reject || !Entity.TryParse(message.Inbound.Content, MimeLimits.Standard, out var entity, out _))
        {
            return null;
        }

        var choice = domains.For(
            Authorship.Read(message.Inbound.Envelope.ReversePath, entity), new SenderGrants(gateway.Senders), message.Facts.Client, message.Facts.User);
        var signing = choice.Domains.Where(domain => decision.Action == DecisionAction.Protect || domain.Options.Mail == DkimMail.All).ToList();
        return choice.Reason is { } reason ? $"no domain signs it: {reason}"
            : signing.Count == 0 ? "no domain signs it: it passes, and \"mail\" is \"changed\""
            : $"signed by {string.Join(", ", signing.Select(Words))}";
    }

    private static string Words(SigningDomain domain) => domain.Key switch
    {
        { Key: { } key } => $"{domain.Name} with {key.Algorithm}",
        { Problem: var problem } => $"{domain.Name}, for whose key it has to wait: {problem}",
    };
}
