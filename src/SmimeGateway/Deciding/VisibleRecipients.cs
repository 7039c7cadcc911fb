using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>
/// The recipients that everybody can see, because the header names them. Whoever is in the envelope only is blind; a list that cannot be
/// read names nobody.
/// </summary>
public sealed class VisibleRecipients
{
    private static readonly string[] Fields = ["To", "Cc", "Resent-To", "Resent-Cc"];

    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);

    /// <summary>Reads them from a header.</summary>
    public VisibleRecipients(HeaderSection header)
    {
        ArgumentNullException.ThrowIfNull(header);
        foreach (var field in header)
        {
            if (Array.Exists(Fields, field.Is) && AddressList.TryParse(field.Body, out var mailboxes))
            {
                _addresses.UnionWith(mailboxes.Select(mailbox => ComparableAddress.Of(mailbox.Address).Text));
            }
        }
    }

    /// <summary>Whether the header names the recipient.</summary>
    public bool Include(MailPath recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        return _addresses.Contains(ComparableAddress.Of(recipient).Text);
    }
}
