using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SmimeGateway.Smtp;

/// <summary>
/// xtext (RFC 3461 section 4): printable ASCII, in which a plus sign and two hexadecimal digits stand for any octet. Where it is used,
/// only printable ASCII may be encoded (sections 4.2 and 4.4): a line end that hides in it would come to light in a report's header.
/// </summary>
public static class Xtext
{
    /// <summary>Undoes the encoding. False for what is no xtext, is empty, or hides what is not printable.</summary>
    /// <param name="text">The encoded octets.</param>
    /// <param name="allowsUtf8">Whether octets beyond ASCII may stand for themselves (RFC 6533 section 3).</param>
    /// <param name="decoded">The decoded octets.</param>
    public static bool TryDecode(ReadOnlySpan<byte> text, bool allowsUtf8, [NotNullWhen(true)] out byte[]? decoded)
    {
        decoded = null;
        var octets = new byte[text.Length];
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var octet = text[at];
            if (octet == (byte)'+')
            {
                if (at + 2 >= text.Length || Digit(text[at + 1]) is not { } high || Digit(text[at + 2]) is not { } low)
                {
                    return false;
                }

                at += 2;
                octet = (byte)((high << 4) | low);
                if (octet is < 0x20 or > 0x7E)
                {
                    return false;
                }
            }
            else if (octet is <= 0x20 or (byte)'=' or 0x7F || (octet > 0x7F && !allowsUtf8))
            {
                return false;
            }

            octets[length++] = octet;
        }

        decoded = octets[..length];
        return length > 0;
    }

    /// <summary>Undoes the encoding of what came as such; what is none stays as it is.</summary>
    public static string Decode(string text) =>
        TryDecode(Encoding.UTF8.GetBytes(text), allowsUtf8: true, out var decoded) ? Encoding.UTF8.GetString(decoded) : text;

    // The grammar has upper case only, and what is passed on unchanged must please the next server too.
    private static int? Digit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => null,
    };
}
