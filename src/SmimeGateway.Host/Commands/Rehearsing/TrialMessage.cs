using System.Net;
using System.Text;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>A message that goes the way of a real one, but is not sent.</summary>
/// <param name="Inbound">As the listener would have handed it over.</param>
/// <param name="Facts">What rules see of it.</param>
/// <param name="Recipients">Its recipients.</param>
internal sealed record TrialMessage(InboundMessage Inbound, MessageFacts Facts, IReadOnlyList<MailPath> Recipients)
{
    /// <summary>Puts a message into the envelope; null with a complaint when its structure exceeds the limits.</summary>
    public static TrialMessage? Create(
        GatewayOptions gateway, MailPath sender, IReadOnlyList<MailPath> recipients, string listener, IPAddress client, byte[] content)
    {
        if (!Entity.TryParse(content, MimeLimits.Standard, out var entity, out var fault))
        {
            Answer.Complain($"The message cannot be read: {fault.Reason}");
            return null;
        }

        var session = new SmtpSessionIdentity("trial", listener, new IPEndPoint(client, 0));
        var inbound = new InboundMessage(
            session,
            new Envelope(sender, [.. recipients.Select(recipient => new EnvelopeRecipient(recipient))]),
            content,
            TimeProvider.System.GetUtcNow());
        var facts = MessageFacts.Of(
            Authorship.Read(sender, entity), new SenderGrants(gateway.Senders), listener, client, user: null, entity);
        return new TrialMessage(inbound, facts, recipients);
    }

    /// <summary>The same message for some of its recipients; null when none are left.</summary>
    public InboundMessage? ForRecipients(Predicate<MailPath> isWanted)
    {
        var wanted = Inbound.Envelope.Recipients.Where(recipient => isWanted(recipient.Path)).ToList();
        return wanted.Count == 0 ? null : Inbound with { Envelope = Inbound.Envelope with { Recipients = wanted } };
    }

    /// <summary>The shortest message that looks like ordinary mail.</summary>
    public static byte[] Invent(MailPath sender, IEnumerable<MailPath> recipients, string? subject)
    {
        var from = sender.IsNull ? "MAILER-DAEMON@" + Environment.MachineName : sender.Address;
        return Encoding.UTF8.GetBytes(
            $"From: {from}\r\nTo: {string.Join(", ", recipients.Select(recipient => recipient.Address))}\r\nSubject: {EncodedSubject(subject ?? "Trial")}\r\n"
            + $"Date: {TimeProvider.System.GetUtcNow():r}\r\nMessage-ID: <trial@{Environment.MachineName}>\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is a trial.\r\n");
    }

    private static string EncodedSubject(string subject) =>
        subject.All(character => character is >= ' ' and <= '~')
            ? subject
            : $"=?utf-8?b?{Convert.ToBase64String(Encoding.UTF8.GetBytes(subject))}?=";
}
