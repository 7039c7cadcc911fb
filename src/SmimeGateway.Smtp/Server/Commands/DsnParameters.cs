using System.Buffers;
using System.Globalization;
using System.Text;

namespace SmimeGateway.Smtp.Server.Commands;

/// <summary>The values of the parameters that ask for delivery reports (RFC 3461 section 4, RFC 6533 section 3).</summary>
internal static class DsnParameters
{
    private const int MaxEnvelopeId = 100;
    private const int MaxOriginalRecipient = 500;

    // A code point has six hexadecimal digits at most.
    private const int MaxCodePointDigits = 6;

    private static readonly SearchValues<byte> AtomText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/?^_`{|}~"u8);

    /// <summary>RET; <see cref="ReturnedContent.Unspecified"/> for what it cannot be.</summary>
    public static ReturnedContent ReadReturn(ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(value, "FULL"u8) ? ReturnedContent.Full
        : Ascii.EqualsIgnoreCase(value, "HDRS"u8) ? ReturnedContent.Headers
        : ReturnedContent.Unspecified;

    /// <summary>NOTIFY; <see cref="Notify.None"/> for what it cannot be.</summary>
    public static Notify ReadNotify(ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(value, "NEVER"u8))
        {
            return Notify.Never;
        }

        var notify = Notify.None;
        foreach (var range in value.Split((byte)','))
        {
            var word = value[range];
            var element = Ascii.EqualsIgnoreCase(word, "SUCCESS"u8) ? Notify.Success
                : Ascii.EqualsIgnoreCase(word, "FAILURE"u8) ? Notify.Failure
                : Ascii.EqualsIgnoreCase(word, "DELAY"u8) ? Notify.Delay
                : Notify.None;
            if (element == Notify.None || notify.HasFlag(element))
            {
                return Notify.None;
            }

            notify |= element;
        }

        return notify;
    }

    /// <summary>ENVID, or null for what it cannot be.</summary>
    public static string? ReadEnvelopeId(ReadOnlySpan<byte> value) =>
        value.Length <= MaxEnvelopeId && Xtext.TryDecode(value, allowsUtf8: false, out _) ? Encoding.ASCII.GetString(value) : null;

    /// <summary>ORCPT, or null for what it cannot be. Characters outside ASCII, which an address of type utf-8 may hold, need SMTPUTF8.</summary>
    public static string? ReadOriginalRecipient(ReadOnlySpan<byte> value)
    {
        var semicolon = value.IndexOf((byte)';');
        if (value.Length > MaxOriginalRecipient || semicolon <= 0 || value[..semicolon].ContainsAnyExcept(AtomText))
        {
            return null;
        }

        var isUtf8 = Ascii.EqualsIgnoreCase(value[..semicolon], "utf-8"u8);
        return Xtext.TryDecode(value[(semicolon + 1)..], isUtf8, out var address) && (!isUtf8 || IsUtf8Address(Encoding.UTF8.GetString(address)))
            ? Encoding.UTF8.GetString(value)
            : null;
    }

    /// <summary>AUTH of MAIL (RFC 4954 section 5): a mailbox in xtext, or the sign that nobody is known.</summary>
    public static bool IsAuthor(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("<>"u8) || (Xtext.TryDecode(value, allowsUtf8: false, out var address) && MailPath.TryParse(address, out _));

    // A character is written as itself or as \x{20AC}. Neither may be one that upsets a header or a terminal.
    private static bool IsUtf8Address(string address)
    {
        var rest = address.AsSpan();
        while (!rest.IsEmpty)
        {
            if (!rest.StartsWith(@"\x{"))
            {
                if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || !IsPrintable(rune))
                {
                    return false;
                }

                rest = rest[length..];
                continue;
            }

            var end = rest.IndexOf('}');
            if (end < 0
                || end - 3 is 0 or > MaxCodePointDigits
                || !int.TryParse(rest[3..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var codePoint)
                || !Rune.TryCreate(codePoint, out var written)
                || !IsPrintable(written))
            {
                return false;
            }

            rest = rest[(end + 1)..];
        }

        return true;
    }

    private static bool IsPrintable(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
