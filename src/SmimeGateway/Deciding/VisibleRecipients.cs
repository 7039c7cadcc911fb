using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>
/// The recipients that everybody can see, because the header names them. Whoever is in the envelope only is blind; of a list
/// that breaks the syntax those count who can be read, as a recipient too few is only written to separately.
/// </summary>
public sealed class VisibleRecipients
{
    private static readonly string[] Fields = ["To", "Cc", "Resent-To", "Resent-Cc"];

    private readonly HashSet<ComparableAddress> _addresses = [];

    /// <summary>Reads them from a header.</summary>
    public VisibleRecipients(HeaderSection header)
    {
        ArgumentNullException.ThrowIfNull(header);
        foreach (var field in header)
        {
            if (Array.Exists(Fields, field.Is))
            {
                var mailboxes = AddressList.TryParse(field.Body, out var all) ? all : BrokenAddressList.Read(field.Body);
                _addresses.UnionWith(mailboxes.Select(mailbox => ComparableAddress.Of(mailbox.Address)));
            }
        }
    }

    /// <summary>Whether the header names the recipient.</summary>
    public bool Include(MailPath recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        return _addresses.Contains(ComparableAddress.Of(recipient));
    }
}
