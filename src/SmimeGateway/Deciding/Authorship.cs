using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>Who a message claims to be from: what the recipient sees in the header, and what the envelope says.</summary>
/// <param name="ReversePath">The path of MAIL FROM.</param>
/// <param name="Mailboxes">The mailboxes of all From fields, in order.</param>
/// <param name="IsReadable">False when a From field is there whose mailboxes cannot be read.</param>
public sealed record Authorship(MailPath ReversePath, IReadOnlyList<Mailbox> Mailboxes, bool IsReadable)
{
    /// <summary>Reads the From fields of a message.</summary>
    public static Authorship Read(MailPath reversePath, HeaderSection header)
    {
        ArgumentNullException.ThrowIfNull(header);

        // One From field is the rule; the list is only built when a sender breaks it.
        IReadOnlyList<Mailbox> mailboxes = [];
        var isReadable = true;
        foreach (var field in header.FindAll("From"))
        {
            if (AddressList.TryParse(field.Body, out var parsed) && parsed.Count > 0)
            {
                mailboxes = mailboxes.Count == 0 ? parsed : [.. mailboxes, .. parsed];
            }
            else
            {
                isReadable = false;
            }
        }

        return new Authorship(reversePath, mailboxes, isReadable);
    }

    /// <summary>
    /// The one address a signature may be made for, or null: the header must name exactly one mailbox, or a recipient's client could
    /// show another one than the certificate's.
    /// </summary>
    public string? Signatory => IsReadable && Mailboxes.Count == 1 ? Mailboxes[0].Address : null;

    /// <summary>
    /// The address rules see: null for the null reverse path, so that patterns never catch bounces; else the first mailbox of the
    /// header; else the reverse path.
    /// </summary>
    public MailPath RuleSender =>
        ReversePath.IsNull || Mailboxes.Count == 0 || !MailPath.TryParse(Mailboxes[0].Address, out var path) ? ReversePath : path;
}
