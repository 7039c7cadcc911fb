using System.Text;
using SmimeGateway.Mime.Authors;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes address fields whose names are not ASCII so that they stay address fields, of the same addresses.</summary>
internal static class AddressRepair
{
    // RFC 5321 section 4.5.3.1 ends at 320 octets; a longer address would not fit a line.
    private const int MaxAddressLength = 320;

    private static readonly string[] Authors = ["From", "Sender", "Resent-From", "Resent-Sender"];

    private static readonly string[] Others =
    [
        "Reply-To", "To", "Cc", "Bcc", "Resent-Reply-To", "Resent-To", "Resent-Cc", "Resent-Bcc",
        "Disposition-Notification-To", "Return-Receipt-To", "Errors-To", "Mail-Followup-To", "Mail-Reply-To", "X-Confirm-Reading-To",
    ];

    /// <summary>
    /// The field body, composed from the addresses that were read in it, with encoded names; null where the field holds no addresses that
    /// everybody reads, groups, or addresses that no relay would take.
    /// </summary>
    public static string? Encode(HeaderField field)
    {
        // A group would lose its name.
        var mailboxes = MailboxesOf(field);
        return mailboxes.Count == 0
            || field.Body.Contains(':', StringComparison.Ordinal)
            || mailboxes.Any(mailbox => !Ascii.IsValid(mailbox.Address) || mailbox.Address.Length > MaxAddressLength)
            || (IsAuthor(field) && mailboxes.Any(mailbox => mailbox.DisplayName.AsSpan().ContainsAny('@', '\uFF20', '\uFE6B')))
                ? null
                : string.Join(", ", mailboxes.Select(Write));
    }

    /// <summary>
    /// The field, an author in a form that no grammar allows composed from the address that was read in it: a proof is of what everybody
    /// reads, and some read no address there.
    /// </summary>
    public static HeaderField Straighten(HeaderField field)
    {
        if (!IsAuthor(field) || AuthorField.Read(field) is not { IsSloppy: true, Mailboxes: [var mailbox] })
        {
            return field;
        }

        return new HeaderField(FoldedField.Write(field.Name + ":", Write(mailbox)));
    }

    /// <summary>Whether the field holds addresses, in which an encoded word may stand in few places only (RFC 2047 section 5).</summary>
    public static bool IsAddressField(HeaderField field) => IsAuthor(field) || Others.Any(field.Is);

    /// <summary>Whether one of the addresses is not ASCII, so that none but its own form is an address.</summary>
    public static bool HoldsForeignAddresses(HeaderField field) => MailboxesOf(field).Any(mailbox => !Ascii.IsValid(mailbox.Address));

    private static bool IsAuthor(HeaderField field) => Authors.Any(field.Is);

    private static IReadOnlyList<Mailbox> MailboxesOf(HeaderField field) =>
        IsAuthor(field) ? AuthorField.Read(field).Mailboxes
        : Others.Any(field.Is) && AddressList.TryParse(field.Body, out var mailboxes) ? mailboxes
        : [];

    private static string Write(Mailbox mailbox) => mailbox.DisplayName.Length == 0
        ? mailbox.Address
        : $"{WriteName(mailbox.DisplayName)} <{mailbox.Address}>";

    private static string WriteName(string name) => name.AsSpan().ContainsAnyExceptInRange(' ', '~') || name.Contains("=?", StringComparison.Ordinal)
        || name.Length > MaxAddressLength
        ? EncodedWords.Encode(name)
        : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
