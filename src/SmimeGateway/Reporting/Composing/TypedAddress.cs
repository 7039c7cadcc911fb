using System.Globalization;
using System.Text;
using SmimeGateway.Smtp;

namespace SmimeGateway.Reporting.Composing;

/// <summary>Recipients as delivery status names them: a type, a semicolon and the address (RFC 3464 section 2.1.2, RFC 6533 section 3).</summary>
internal static class TypedAddress
{
    private const string Utf8Type = "utf-8";

    /// <summary>The recipient from our envelope.</summary>
    /// <param name="path">The recipient.</param>
    /// <param name="isUtf8">True where the part may hold UTF-8; else characters outside ASCII are written in escapes.</param>
    public static string OfFinal(MailPath path, bool isUtf8) =>
        path.RequiresSmtpUtf8 ? $"{Utf8Type}; {Write(path.Address, isUtf8)}" : $"rfc822; {ReportText.Ascii(path.Address)}";

    /// <summary>The recipient as the sender knows it.</summary>
    /// <param name="originalRecipient">The value of ORCPT.</param>
    /// <param name="isUtf8">True where the part may hold UTF-8.</param>
    public static string OfOriginal(string originalRecipient, bool isUtf8)
    {
        var semicolon = originalRecipient.IndexOf(';', StringComparison.Ordinal);
        if (semicolon <= 0)
        {
            return $"unknown; {ReportText.Ascii(originalRecipient)}";
        }

        // An address of type utf-8 is not in xtext but in escapes of its own.
        var (type, address) = (originalRecipient[..semicolon], originalRecipient[(semicolon + 1)..]);
        return type.Equals(Utf8Type, StringComparison.OrdinalIgnoreCase)
            ? $"{Utf8Type}; {Write(Unescape(address), isUtf8)}"
            : $"{ReportText.Ascii(type)}; {ReportText.Ascii(Xtext.Decode(address))}";
    }

    private static string Write(string address, bool isUtf8) => isUtf8 ? ReportText.OneLine(address) : ReportText.Ascii(Escape(address));

    private static string Escape(string address)
    {
        var escaped = new StringBuilder(address.Length);
        foreach (var rune in address.EnumerateRunes())
        {
            if (rune.Value is > ' ' and <= '~' and not ('\\' or '+' or '='))
            {
                escaped.Append((char)rune.Value);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $@"\x{{{rune.Value:X2}}}");
            }
        }

        return escaped.ToString();
    }

    private static string Unescape(string address)
    {
        var text = new StringBuilder(address.Length);
        var rest = address.AsSpan();
        while (!rest.IsEmpty)
        {
            if (rest.StartsWith(@"\x{")
                && rest.IndexOf('}') is var end and >= 4 and <= 9
                && int.TryParse(rest[3..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                && Rune.IsValid(value))
            {
                text.Append(new Rune(value));
                rest = rest[(end + 1)..];
            }
            else
            {
                text.Append(rest[0]);
                rest = rest[1..];
            }
        }

        return text.ToString();
    }
}
