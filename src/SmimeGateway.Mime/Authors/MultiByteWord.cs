using System.Text;

namespace SmimeGateway.Mime.Authors;

/// <summary>
/// The octets of an encoded word in a charset with several octets for a character. The second of two may be an octet of ASCII, and where
/// the first one is none that a program knows, it shows the second one by itself.
/// </summary>
internal static class MultiByteWord
{
    private const byte Escape = 0x1B;

    /// <summary>Whether an octet below 0x80 may be a part of a character.</summary>
    public static bool IsCharset(string charset)
    {
        var star = charset.IndexOf('*', StringComparison.Ordinal);
        return (star < 0 ? charset : charset[..star]).ToLowerInvariant() is "shift_jis" or "sjis" or "cp932" or "windows-31j" or "iso-2022-jp" or "euc-jp"
            or "gb2312" or "gbk" or "gb18030" or "big5" or "euc-kr" or "ks_c_5601-1987";
    }

    /// <summary>Whether a word of ISO-2022-JP begins and ends in ASCII and shifts by known escapes alone (RFC 1468); other charsets shift nothing.</summary>
    public static bool IsSound(string charset, ReadOnlySpan<byte> octets)
    {
        if (!charset.StartsWith("iso-2022", StringComparison.OrdinalIgnoreCase))
        {
            return !octets.Contains(Escape);
        }

        var isDouble = false;
        while (!octets.IsEmpty)
        {
            var length = 1;
            if (octets[0] == Escape)
            {
                isDouble = octets.StartsWith("\e$@"u8) || octets.StartsWith("\e$B"u8);
                if (!isDouble && !octets.StartsWith("\e(B"u8) && !octets.StartsWith("\e(J"u8))
                {
                    return false;
                }

                length = 3;
            }
            else if (isDouble)
            {
                if (octets.Length < 2 || octets[..2].ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
                {
                    return false;
                }

                length = 2;
            }
            else if (octets[0] is >= 0x80 or 0x0E or 0x0F)
            {
                return false;
            }

            octets = octets[length..];
        }

        return !isDouble;
    }

    /// <summary>The octets of ASCII, without those of escapes.</summary>
    public static string AsciiIn(ReadOnlySpan<byte> octets)
    {
        var ascii = new StringBuilder(octets.Length);
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == Escape)
            {
                i += 2;
            }
            else if (octets[i] is >= (byte)' ' and <= (byte)'~')
            {
                ascii.Append((char)octets[i]);
            }
        }

        return ascii.ToString();
    }
}
