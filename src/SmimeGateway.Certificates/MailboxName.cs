using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SmimeGateway.Certificates;

/// <summary>
/// The form in which the addresses of messages and certificates are compared. RFC 8550, section 3, compares the domain ignoring case and the
/// local part exactly; but mail clients, and the people who order certificates, take <c>Alice@</c> and <c>alice@</c> for the same
/// mailbox, so ASCII letters are compared ignoring case everywhere. Other letters of the local part are compared exactly (RFC 8398, section 5):
/// folding them would make different mailboxes equal. A domain in Unicode equals its <c>xn--</c> form.
/// </summary>
public static class MailboxName
{
    /// <summary>RFC 5321, section 4.5.3.1: 64 octets, the at sign, 255 octets.</summary>
    private const int MaxLength = 320;
    private const int MaxLocalPartLength = 64;
    private const int MaxDomainLength = 255;

    private static readonly SearchValues<char> AtomAscii =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");

    private static readonly SearchValues<char> DomainAscii = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    // IdnMapping may be used by many threads at once as long as nobody sets its properties.
    private static readonly IdnMapping Idn = new();

    /// <summary>The comparable form of an address, or false when it is no plausible mailbox (RFC 5321, section 4.1.2, without address literals).</summary>
    public static bool TryNormalize([NotNullWhen(true)] string? address, [NotNullWhen(true)] out string? key)
    {
        key = null;
        if (address is null || address.Length is 0 or > MaxLength)
        {
            return false;
        }

        var at = address.LastIndexOf('@');
        if (at < 1 || at > MaxLocalPartLength || at == address.Length - 1)
        {
            return false;
        }

        var localPart = FoldAscii(address[..at]);
        if (!IsLocalPart(localPart) || !TryNormalizeDomain(address[(at + 1)..], out var domain))
        {
            return false;
        }

        key = $"{Unquote(localPart)}@{domain}";
        return true;
    }

    /// <summary>
    /// The address as it is written into a certificate: ASCII letters in lower case, quoted only where needed, the domain with A-labels, which
    /// RFC 9598 prescribes even for SmtpUTF8Mailbox.
    /// </summary>
    internal static bool TryWrite(string address, [NotNullWhen(true)] out string? written)
    {
        if (!TryNormalize(address, out written))
        {
            return false;
        }

        if (!TryNormalize(written, out var again) || again != written)
        {
            // Without its quotes it would be another address, or none.
            written = FoldAscii(address[..address.LastIndexOf('@')]) + written[written.LastIndexOf('@')..];
        }

        return true;
    }

    /// <summary>The domain in lower case and, where it is in Unicode, in its A-label form.</summary>
    internal static bool TryNormalizeDomain(string domain, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        var folded = FoldAscii(domain);
        if (!Ascii.IsValid(folded))
        {
            if (folded.Any(IsUnfit))
            {
                return false;
            }

            try
            {
                folded = Idn.GetAscii(string.Create(folded.Length, folded, static (span, text) => FoldLetters(text, span)));
            }
            catch (ArgumentException)
            {
                // An empty or overlong label, or a lone surrogate.
                return false;
            }
        }

        if (folded.Length is 0 or > MaxDomainLength
            || folded.AsSpan().ContainsAnyExcept(DomainAscii)
            || folded[0] == '.' || folded[^1] == '.'
            || folded.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        normalized = folded;
        return true;
    }

    private static bool IsLocalPart(string localPart)
    {
        if (localPart is ['"', .. { Length: > 0 } inside, '"'])
        {
            return IsQuotedContent(inside);
        }

        if (localPart[0] == '.' || localPart[^1] == '.' || localPart.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var character in localPart)
        {
            if (char.IsAscii(character) ? !AtomAscii.Contains(character) : IsUnfit(character))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsQuotedContent(string inside)
    {
        for (var i = 0; i < inside.Length; i++)
        {
            var character = inside[i];
            if (character == '\\')
            {
                // A backslash protects one character, which must exist.
                i++;
                if (i == inside.Length)
                {
                    return false;
                }

                character = inside[i];
            }
            else if (character == '"')
            {
                return false;
            }

            if (character < ' ' || character == '\x7F' || (!char.IsAscii(character) && IsUnfit(character)))
            {
                return false;
            }
        }

        return true;
    }

    // Control, format and separator characters make two addresses look alike.
    private static bool IsUnfit(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    // Quotes and backslashes are notation (RFC 5321, section 4.1.2), so "alice"@example.com is alice@example.com.
    private static string Unquote(string localPart)
    {
        if (localPart[0] != '"')
        {
            return localPart;
        }

        var plain = new char[localPart.Length];
        var length = 0;
        for (var i = 1; i < localPart.Length - 1; i++)
        {
            if (localPart[i] == '\\')
            {
                i++;
            }

            plain[length++] = localPart[i];
        }

        return new string(plain, 0, length);
    }

    private static string FoldAscii(string text) => text.AsSpan().ContainsAnyInRange('A', 'Z')
        ? string.Create(text.Length, text, static (span, source) => FoldInto(source, span))
        : text;

    private static void FoldInto(string source, Span<char> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        }
    }

    private static void FoldLetters(string source, Span<char> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            // The Kelvin sign folds to an ASCII k; a foreign character never becomes an ASCII one here.
            var lower = char.ToLowerInvariant(source[i]);
            target[i] = char.IsAscii(lower) && !char.IsAscii(source[i]) ? source[i] : lower;
        }
    }
}
