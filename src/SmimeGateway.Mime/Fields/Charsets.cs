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

    /// <summary>The decoder; null for ASCII and for what nobody knows.</summary>
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

        if (name.Length is 0 or > 40)
        {
            return null;
        }

        if (CodePagesEncodingProvider.Instance.GetEncoding(name) is { } known)
        {
            return known;
        }

        try
        {
            return name == "utf-7" ? null : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
