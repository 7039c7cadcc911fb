using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SmimeGateway.Certificates;

/// <summary>
/// The one form in which the addresses of envelopes, headers, patterns and certificates are compared. RFC 8550, section 3, compares the domain
/// ignoring case and the local part exactly; but mail clients, and the people who order certificates, take <c>Alice@</c> and <c>alice@</c> for
/// the same mailbox, so letters are compared ignoring case everywhere, in NFC. Quotes are notation. The domain is that of
/// <see cref="DomainName"/>. Where servers disagree whose mailbox an address is, it has no form: nothing may be decided about it.
/// </summary>
public static class MailboxName
{
    /// <summary>Bounce tags and rewritten senders exceed the 64 octets of RFC 5321, section 4.5.3.1.1.</summary>
    private const int MaxLocalPartLength = 255;
    private const int MaxLength = 1000;

    private static readonly SearchValues<char> AtomAscii =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");

    /// <summary>The comparable form of an address as it is written, or false when it is no plausible mailbox (RFC 5321, section 4.1.2).</summary>
    public static bool TryNormalize([NotNullWhen(true)] string? address, [NotNullWhen(true)] out string? key)
    {
        key = null;
        if (address is null || address.Length is 0 or > MaxLength)
        {
            return false;
        }

        var at = address.LastIndexOf('@');
        return at > 0
            && TryUnquote(address[..at], out var localPart)
            && TryNormalize(localPart, address[(at + 1)..], out key);
    }

    /// <summary>The comparable form of an address whose local part stands without quotes.</summary>
    public static bool TryNormalize(string localPart, string domain, [NotNullWhen(true)] out string? key)
    {
        if (TryNormalizeLocalPart(localPart, out var name) && DomainName.TryNormalize(domain, out var host))
        {
            key = $"{name}@{host}";
            return true;
        }

        key = null;
        return false;
    }

    /// <summary>
    /// The comparable form of a local part without quotes. It has none where it holds what no name has (controls, invisible or unassigned
    /// characters), or a character outside ASCII that normalisation or another case makes an ASCII one, such as the Kelvin sign: some
    /// servers fold it, and others do not.
    /// </summary>
    public static bool TryNormalizeLocalPart(string localPart, [NotNullWhen(true)] out string? normalized)
    {
        ArgumentNullException.ThrowIfNull(localPart);
        normalized = null;
        if (localPart.Length is 0 or > MaxLocalPartLength || localPart.AsSpan().ContainsAnyInRange('\0', '\x1F') || localPart.Contains('\x7F', StringComparison.Ordinal))
        {
            return false;
        }

        if (Ascii.IsValid(localPart))
        {
            normalized = LetterCase.FoldAscii(localPart);
            return true;
        }

        foreach (var rune in localPart.EnumerateRunes())
        {
            if (!rune.IsAscii && IsUnfit(rune))
            {
                return false;
            }
        }

        normalized = localPart.Normalize().ToLowerInvariant().Normalize();
        return true;
    }

    /// <summary>
    /// The local part without its quotes and backslashes (RFC 5321, section 4.1.2): <c>"alice"@example.com</c> is
    /// <c>alice@example.com</c>. Dots may stand anywhere, as they do at providers that never read the grammar.
    /// </summary>
    public static bool TryUnquote(string written, [NotNullWhen(true)] out string? localPart)
    {
        ArgumentNullException.ThrowIfNull(written);
        if (written is not ['"', ..])
        {
            localPart = written;
            return written.Length > 0 && IsAtomText(written);
        }

        localPart = null;
        var plain = new StringBuilder(written.Length);
        for (var i = 1; i < written.Length - 1; i++)
        {
            if (written[i] == '"' || (written[i] == '\\' && ++i == written.Length - 1))
            {
                return false;
            }

            plain.Append(written[i]);
        }

        localPart = plain.ToString();
        return localPart.Length > 0 && written[^1] == '"';
    }

    /// <summary>
    /// The address as it is written into a certificate: in its comparable form, quoted only where needed. RFC 9598 prescribes A-labels even for
    /// SmtpUTF8Mailbox.
    /// </summary>
    internal static bool TryWrite(string address, [NotNullWhen(true)] out string? written)
    {
        if (!TryNormalize(address, out written))
        {
            return false;
        }

        var at = written.LastIndexOf('@');
        var localPart = written[..at];
        if (!IsAtomText(localPart) || localPart[0] == '.' || localPart[^1] == '.' || localPart.Contains("..", StringComparison.Ordinal))
        {
            written = $"\"{localPart.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"{written[at..]}";
        }

        return true;
    }

    private static bool IsAtomText(string text)
    {
        foreach (var character in text)
        {
            if (char.IsAscii(character) && !AtomAscii.Contains(character))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsUnfit(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        || rune == Rune.ReplacementChar
        || IsInvisible(rune.Value)
        || Ascii.IsValid(rune.ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant());

    // The default ignorable code points of Unicode that are neither controls nor format characters.
    private static bool IsInvisible(int value) =>
        value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);
}
