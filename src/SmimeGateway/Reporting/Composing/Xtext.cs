using System.Globalization;
using System.Text;

namespace SmimeGateway.Reporting.Composing;

/// <summary>The encoding of ENVID and ORCPT (RFC 3461 section 4).</summary>
internal static class Xtext
{
    /// <summary>
    /// Decodes, one character for each octet; a plus sign that begins no escape stays as it is. The result may hold anything, line ends
    /// included, and is for <see cref="ReportText.Ascii"/> to clean.
    /// </summary>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('+', StringComparison.Ordinal))
        {
            return encoded;
        }

        var decoded = new StringBuilder(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '+' && i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                decoded.Append((char)octet);
                i += 2;
            }
            else
            {
                decoded.Append(encoded[i]);
            }
        }

        return decoded.ToString();
    }
}
