using System.Text;

namespace SmimeGateway.Mime.Fields;

/// <summary>Finds the decoder for a charset name of mail; names are matched as leniently as mail programs do.</summary>
internal static class Charsets
{
    /// <summary>Decodes, with replacement characters for what is invalid; a charset nobody knows is read as UTF-8, or Latin-1.</summary>
    public static string Decode(string charset, ReadOnlySpan<byte> bytes)
    {
        var encoding = Find(charset) ?? (System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1);
        return encoding.GetString(bytes);
    }

    /// <summary>Decodes what every program decodes alike; null where the charset or an octet is not certain.</summary>
    public static string? DecodeExactly(string charset, ReadOnlySpan<byte> bytes)
    {
        if (!IsCertain(charset) || (Find(charset) is null && !Ascii.IsValid(bytes)))
        {
            return null;
        }

        var strict = (Encoding)(Find(charset) ?? Encoding.ASCII).Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        try
        {
            return strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether every program that knows the charset finds the same characters of ASCII in it. It is not so with those that write ASCII in
    /// another way (UTF-7, UTF-16, HZ, EBCDIC), nor with names that only some know.
    /// </summary>
    public static bool IsReadAlike(string charset)
    {
        var star = charset.IndexOf('*', StringComparison.Ordinal);
        var name = (star < 0 ? charset : charset[..star]).ToLowerInvariant();
        return name is "utf-8" or "utf8" or "us-ascii" or "ascii" or "shift_jis" or "sjis" or "cp932" or "windows-31j" or "iso-2022-jp" or "euc-jp"
            or "gb2312" or "gbk" or "gb18030" or "big5" or "euc-kr" or "ks_c_5601-1987" or "koi8-r" or "koi8-u" or "tis-620" or "latin1" or "macintosh"
            || ((name.StartsWith("iso-8859-", StringComparison.Ordinal) || name.StartsWith("windows-125", StringComparison.Ordinal)
                || name.StartsWith("cp125", StringComparison.Ordinal)) && name.Length <= 13);
    }

    /// <summary>Whether programs read UTF-8 in the charset: what is called ASCII and is none is read so too.</summary>
    public static bool IsUtf8(string charset) => charset.Split('*')[0].ToLowerInvariant() is "utf-8" or "utf8" or "us-ascii" or "ascii";

    /// <summary>Whether the charset is decoded here, and as everywhere: not so the wide ones, whose octets have an order that some take from a mark.</summary>
    public static bool IsCertain(string charset) =>
        Find(charset) is { } found ? found is not (UnicodeEncoding or UTF32Encoding) : charset.Split('*')[0].ToUpperInvariant() is "US-ASCII" or "ASCII";

    /// <summary>The decoder; null for ASCII, for what nobody knows, and for UTF-7 and EBCDIC, which nobody should. Never throws.</summary>
    public static Encoding? Find(string charset)
    {
        // RFC 2231 section 5 lets a language follow the charset: "utf-8*en".
        var star = charset.IndexOf('*', StringComparison.Ordinal);
        var name = (star < 0 ? charset : charset[..star]).Trim().ToLowerInvariant();
        switch (name)
        {
            case "utf-8" or "utf8":
                return Encoding.UTF8;
            case "us-ascii" or "ascii":
                return null;
            case "iso-8859-1" or "latin1":
                return Encoding.Latin1;
            // Names that mail uses and the framework does not know.
            case "cp932" or "ms932" or "windows-31j":
                name = "shift_jis";
                break;
            case "cp936" or "gbk" or "x-gbk":
                name = "gb2312";
                break;
            case "iso-8859-8-i":
                name = "iso-8859-8";
                break;
        }

        return name.Length is 0 or > 40 || Create(name) is not { } found || !WritesAscii(found) ? null : found;
    }

    // The provider knows the most; whatever either of the two refuses, and however it says so, is a charset that nobody knows here.
    private static Encoding? Create(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // Not so EBCDIC, which is for tapes. UTF-16 and its like say in each word what they are, and mail has some.
    private static bool WritesAscii(Encoding encoding) => !encoding.IsSingleByte || encoding.GetByteCount("A") != 1 || encoding.GetBytes("A")[0] == 'A';
}
