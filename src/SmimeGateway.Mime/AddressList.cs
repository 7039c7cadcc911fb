using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime;

/// <summary>
/// Reads address lists (RFC 5322 section 3.4 with the obsolete syntax of section 4.4, UTF-8 as in RFC 6532): the whole list, or nothing.
/// A list that only guessing could read is refused, because two programs that guess differently see two different authors.
/// </summary>
public static class AddressList
{
    /// <summary>The mailboxes of an unfolded field body, groups flattened; false where it does not follow the syntax or is empty.</summary>
    public static bool TryParse(string headerBody, out IReadOnlyList<Mailbox> mailboxes)
    {
        ArgumentNullException.ThrowIfNull(headerBody);
        var found = new List<Mailbox>(1);
        if (!new AddressReader(headerBody).TryReadList(found))
        {
            mailboxes = [];
            return false;
        }

        mailboxes = found;
        return true;
    }
}
