using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmimeGateway.Certificates;

/// <summary>
/// The form in which domains are compared: A-labels in lower case, made by UTS 46, so that width, case, decomposed letters, the Kelvin sign and
/// the other full stops make no difference; without the dot of the root. An address literal is written one way, too.
/// </summary>
public static class DomainName
{
    private const int MaxLength = 255;
    private const int MaxWrittenLength = 1000;
    private const string Prefix = "xn--";
    private const string IPv6Tag = "ipv6:";

    private static readonly SearchValues<char> LabelText = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");
    private static readonly SearchValues<char> IPv6Text = SearchValues.Create("0123456789abcdef:.");

    // IdnMapping may be used by many threads at once as long as nobody sets its properties.
    private static readonly IdnMapping Idn = new();

    /// <summary>The comparable form of a domain or address literal; false for what is none, or what UTS 46 does not allow.</summary>
    public static bool TryNormalize(string domain, [NotNullWhen(true)] out string? normalized)
    {
        ArgumentNullException.ThrowIfNull(domain);
        normalized = null;
        if (domain.Length is 0 or > MaxWrittenLength)
        {
            return false;
        }

        var folded = LetterCase.FoldAscii(domain);
        if (folded is ['[', .. { Length: > 0 } inside, ']'])
        {
            return TryNormalizeLiteral(inside, out normalized);
        }

        if (!Ascii.IsValid(folded) && !TryEncode(folded, out folded))
        {
            return false;
        }

        folded = folded is [.. { Length: > 0 } name, '.'] ? name : folded;
        if (folded.Length > MaxLength
            || folded.AsSpan().ContainsAnyExcept(LabelText)
            || folded[0] == '.' || folded[^1] == '.'
            || folded.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        normalized = folded;
        return true;
    }

    /// <summary>A normalized domain as people read it. What stands behind <c>xn--</c> and is no A-label stays as it is.</summary>
    public static string ToUnicode(string normalized)
    {
        ArgumentNullException.ThrowIfNull(normalized);
        return normalized.Contains(Prefix, StringComparison.Ordinal) ? string.Join('.', normalized.Split('.').Select(Decode)) : normalized;
    }

    // Whether a label can be read back is asked too: what cannot has two forms that would not be found equal.
    private static bool TryEncode(string domain, out string encoded)
    {
        try
        {
            encoded = Idn.GetAscii(domain);
            _ = Idn.GetUnicode(encoded);
            return true;
        }
        catch (ArgumentException)
        {
            // An empty or overlong label, a lone surrogate, or a character that no name has.
            encoded = string.Empty;
            return false;
        }
    }

    private static string Decode(string label)
    {
        if (!label.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return label;
        }

        try
        {
            return Idn.GetUnicode(label);
        }
        catch (ArgumentException)
        {
            return label;
        }
    }

    private static bool TryNormalizeLiteral(string inside, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (inside.StartsWith(IPv6Tag, StringComparison.Ordinal))
        {
            // The framework also reads scopes, ports and brackets, none of which belongs here.
            var address = inside.AsSpan(IPv6Tag.Length);
            if (!address.ContainsAnyExcept(IPv6Text)
                && IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == AddressFamily.InterNetworkV6)
            {
                normalized = $"[{IPv6Tag}{parsed}]";
            }

            return normalized is not null;
        }

        // The framework would read octal numbers, and fewer than four.
        var octets = inside.Split('.');
        if (octets.Length == 4 && octets.All(octet => octet.Length <= 3 && byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            normalized = $"[{string.Join('.', octets.Select(octet => byte.Parse(octet, CultureInfo.InvariantCulture)))}]";
        }

        return normalized is not null;
    }
}
