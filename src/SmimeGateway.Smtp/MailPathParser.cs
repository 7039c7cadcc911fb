using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmimeGateway.Smtp;

/// <summary>The grammar of RFC 5321 section 4.1.2, extended to UTF-8 by RFC 6531 section 3.3.</summary>
internal static class MailPathParser
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Postmaster = "postmaster";
    private const string IPv6Tag = "IPv6:";
    private const int MaxLocalPart = 255;
    private const int MaxDomain = 255;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> AtomText = SearchValues.Create(Letters + Digits + "!#$%&'*+-/=?^_`{|}~");

    private static readonly SearchValues<char> DottedText = SearchValues.Create(Letters + Digits + "!#$%&'*+-/=?^_`{|}~.");

    // The underscore is no part of the grammar, but hosts that send mail carry it in their names.
    private static readonly SearchValues<char> LabelText = SearchValues.Create(Letters + Digits + "-_");

    private static readonly SearchValues<char> IPv6Text = SearchValues.Create("0123456789ABCDEFabcdef:.");

    /// <summary>Reads a path without its angle brackets; false for anything else, the empty text included.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MailPath? path)
    {
        path = null;
        if (text.Length > MailPath.MaxTextLength || !TryDropSourceRoute(ref text))
        {
            return false;
        }

        // Only this name may stand without a domain (RFC 5321 section 4.1.1.3).
        if (text.Equals(Postmaster, StringComparison.OrdinalIgnoreCase))
        {
            path = new MailPath(text.ToString(), string.Empty);
            return true;
        }

        if (!TryReadLocalPart(text, out var localPart, out var length)
            || localPart.Length > MaxLocalPart
            || length >= text.Length
            || text[length] != '@')
        {
            return false;
        }

        // The dot of the root is no part of the grammar, so no next hop need take it; but people write it.
        var domain = text[(length + 1)..];
        domain = domain is [.. { Length: > 0 } name, '.'] ? name : domain;
        if (!IsDomain(domain))
        {
            return false;
        }

        path = new MailPath(localPart, domain.ToString());
        return true;
    }

    /// <summary>True when the local part needs no quotes.</summary>
    public static bool IsDotString(ReadOnlySpan<char> text)
    {
        foreach (var atom in text.Split('.'))
        {
            if (text[atom].IsEmpty || !IsMadeOf(text[atom], AtomText))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for a domain name or an address literal.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text) =>
        text is ['[', .., ']'] ? IsAddressLiteral(text[1..^1]) : text.Length <= MaxDomain && IsDomainName(text);

    private static bool IsDomainName(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.IsEmpty || label.Length > MaxLabel || label[0] == '-' || label[^1] == '-' || !IsMadeOf(label, LabelText))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAddressLiteral(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(IPv6Tag, StringComparison.OrdinalIgnoreCase))
        {
            // RFC 5321 also has room for registered tags; IPv6 is the only one ever registered.
            return IsIPv4(text);
        }

        // The framework also reads scopes, ports and brackets, none of which belongs here.
        var address = text[IPv6Tag.Length..];
        return !address.ContainsAnyExcept(IPv6Text)
            && IPAddress.TryParse(address, out var parsed)
            && parsed.AddressFamily == AddressFamily.InterNetworkV6;
    }

    private static bool IsIPv4(ReadOnlySpan<char> text)
    {
        // The framework would also read one number, octal and hexadecimal.
        var octets = 0;
        foreach (var range in text.Split('.'))
        {
            var octet = text[range];
            if (octet.Length is 0 or > 3 || octet.ContainsAnyExceptInRange('0', '9') || int.Parse(octet, CultureInfo.InvariantCulture) > 255)
            {
                return false;
            }

            octets++;
        }

        return octets == 4;
    }

    private static bool TryDropSourceRoute(ref ReadOnlySpan<char> text)
    {
        if (text is not ['@', ..])
        {
            return true;
        }

        // A colon also stands inside an IPv6 literal, so the route is read hop by hop.
        while (text is ['@', ..])
        {
            var end = text is ['@', '[', ..] ? text.IndexOf(']') + 1 : text.IndexOfAny(',', ':');
            if (end < 2 || end >= text.Length || !IsDomain(text[1..end]))
            {
                return false;
            }

            var separator = text[end];
            text = text[(end + 1)..];
            if (separator == ':')
            {
                return true;
            }

            if (separator != ',')
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryReadLocalPart(ReadOnlySpan<char> text, out string localPart, out int length)
    {
        if (text is ['"', ..])
        {
            return TryReadQuoted(text, out localPart, out length);
        }

        // Dots stand anywhere in addresses that large providers gave to people; they travel on in quotes (RFC 5321 section 4.1.2).
        length = text.IndexOf('@');
        if (length <= 0 || !IsMadeOf(text[..length], DottedText))
        {
            localPart = string.Empty;
            return false;
        }

        localPart = text[..length].ToString();
        return true;
    }

    private static bool TryReadQuoted(ReadOnlySpan<char> text, out string localPart, out int length)
    {
        var content = new StringBuilder();
        for (length = 1; length < text.Length; length++)
        {
            var character = text[length];
            if (character == '"')
            {
                length++;
                localPart = content.ToString();
                return IsPrintable(localPart);
            }

            if (character == '\\')
            {
                // A backslash may only precede a printable ASCII character (RFC 5321 quoted-pairSMTP).
                length++;
                if (length >= text.Length || text[length] is < ' ' or > '~')
                {
                    break;
                }

                character = text[length];
            }

            content.Append(character);
        }

        localPart = string.Empty;
        return false;
    }

    private static bool IsMadeOf(ReadOnlySpan<char> text, SearchValues<char> allowed)
    {
        var foreign = text.IndexOfAnyExcept(allowed);
        return foreign < 0 || (IsMadeOfNonAscii(text, allowed) && IsPrintable(text));
    }

    private static bool IsMadeOfNonAscii(ReadOnlySpan<char> text, SearchValues<char> allowed)
    {
        foreach (var character in text)
        {
            if (character < 0x80 && !allowed.Contains(character))
            {
                return false;
            }
        }

        return true;
    }

    // Outside ASCII every character counts as text, but controls, separators and broken surrogates would upset logs and terminals.
    private static bool IsPrintable(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (rune == Rune.ReplacementChar
                || category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || (!rune.IsAscii && category is UnicodeCategory.SpaceSeparator))
            {
                return false;
            }
        }

        return true;
    }
}
