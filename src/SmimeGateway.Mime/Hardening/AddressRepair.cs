using System.Text;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes address fields whose names are not ASCII so that they stay address fields.</summary>
internal static class AddressRepair
{
    // RFC 5321 section 4.5.3.1 ends at 320 octets; a longer address would not fit a line.
    private const int MaxAddressLength = 320;

    private static readonly string[] Names =
    [
        "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Bcc",
        "Disposition-Notification-To", "Return-Receipt-To", "Errors-To", "Mail-Followup-To", "Mail-Reply-To", "X-Confirm-Reading-To",
    ];

    /// <summary>The addresses with encoded names; null where the field holds no addresses, groups, or addresses that no relay would take.</summary>
    public static string? Encode(HeaderField field)
    {
        // A group would lose its name, so it is left to the encoding of single words.
        if (!Names.Any(field.Is)
            || field.Body.Contains(':', StringComparison.Ordinal)
            || !AddressList.TryParse(field.Body, out var mailboxes)
            || mailboxes.Any(mailbox => !Ascii.IsValid(mailbox.Address) || mailbox.Address.Length > MaxAddressLength))
        {
            return null;
        }

        return string.Join(", ", mailboxes.Select(Write));
    }

    /// <summary>Whether the field holds addresses, in which an encoded word may stand in few places only (RFC 2047 section 5).</summary>
    public static bool IsAddressField(HeaderField field) => Names.Any(field.Is);

    /// <summary>Whether one of the addresses is not ASCII, so that none but its own form is an address.</summary>
    public static bool HoldsForeignAddresses(HeaderField field) =>
        Names.Any(field.Is)
        && AddressList.TryParse(field.Body, out var mailboxes)
        && mailboxes.Any(mailbox => !Ascii.IsValid(mailbox.Address));

    private static string Write(Mailbox mailbox) => mailbox.DisplayName.Length == 0
        ? mailbox.Address
        : $"{WriteName(mailbox.DisplayName)} <{mailbox.Address}>";

    private static string WriteName(string name) => name.AsSpan().ContainsAnyExceptInRange(' ', '~') || name.Contains("=?", StringComparison.Ordinal)
        || name.Length > MaxAddressLength
        ? EncodedWords.Encode(name)
        : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
