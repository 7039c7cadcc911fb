using System.Net;
using System.Text;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Commands;

/// <summary>A message that goes the way of a real one, but is not sent.</summary>
/// <param name="Inbound">As the listener would have handed it over.</param>
/// <param name="Facts">What rules see of it.</param>
/// <param name="Recipient">Its only recipient.</param>
internal sealed record TrialMessage(InboundMessage Inbound, MessageFacts Facts, MailPath Recipient)
{
    /// <summary>Puts a message into the envelope; null with a complaint when its structure exceeds the limits.</summary>
    public static TrialMessage? Create(MailPath sender, MailPath recipient, string listener, IPAddress client, byte[] content)
    {
        if (!Entity.TryParse(content, MimeLimits.Standard, out var entity, out var fault))
        {
            Answer.Complain($"The message cannot be read: {fault.Reason}");
            return null;
        }

        var session = new SmtpSessionIdentity("trial", listener, new IPEndPoint(client, 0));
        var inbound = new InboundMessage(
            session, new Envelope(sender, [new EnvelopeRecipient(recipient)]), content, TimeProvider.System.GetUtcNow());
        var facts = new MessageFacts(Authorship.Read(sender, entity.Header).RuleSender, listener, client, User: null, entity.Header);
        return new TrialMessage(inbound, facts, recipient);
    }

    /// <summary>The shortest message that looks like ordinary mail.</summary>
    public static byte[] Invent(MailPath sender, MailPath recipient, string? subject)
    {
        var from = sender.IsNull ? "MAILER-DAEMON@" + Environment.MachineName : sender.Address;
        return Encoding.UTF8.GetBytes(
            $"From: {from}\r\nTo: {recipient.Address}\r\nSubject: {EncodedSubject(subject ?? "Trial")}\r\n"
            + $"Date: {TimeProvider.System.GetUtcNow():r}\r\nMessage-ID: <trial@{Environment.MachineName}>\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is a trial.\r\n");
    }

    private static string EncodedSubject(string subject) =>
        subject.All(character => character is >= ' ' and <= '~')
            ? subject
            : $"=?utf-8?b?{Convert.ToBase64String(Encoding.UTF8.GetBytes(subject))}?=";
}
