using System.Text;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes address fields whose names are not ASCII so that they stay address fields.</summary>
internal static class AddressRepair
{
    private static readonly string[] Names =
    [
        "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Bcc",
    ];

    /// <summary>The addresses with encoded names; null where the field holds no addresses, groups, or addresses beyond ASCII.</summary>
    public static string? Encode(HeaderField field)
    {
        // A group would lose its name, so it is left to the encoding of single words.
        if (!Names.Any(field.Is)
            || field.Body.Contains(':', StringComparison.Ordinal)
            || !AddressList.TryParse(field.Body, out var mailboxes)
            || mailboxes.Any(mailbox => !Ascii.IsValid(mailbox.Address)))
        {
            return null;
        }

        return string.Join(", ", mailboxes.Select(Write));
    }

    private static string Write(Mailbox mailbox) => mailbox.DisplayName.Length == 0
        ? mailbox.Address
        : $"{WriteName(mailbox.DisplayName)} <{mailbox.Address}>";

    private static string WriteName(string name) => name.AsSpan().ContainsAnyExceptInRange(' ', '~') || name.Contains("=?", StringComparison.Ordinal)
        ? EncodedWords.Encode(name)
        : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
