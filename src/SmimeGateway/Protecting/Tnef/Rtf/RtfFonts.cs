using System.Text;

namespace SmimeGateway.Protecting.Tnef.Rtf;

/// <summary>The code pages in which the fonts of a text are written: RTF names a charset with each font (RTF 1.9.1, "Font Table").</summary>
internal sealed class RtfFonts
{
    private const int MaxFonts = 10_000;

    private readonly Dictionary<int, int> _charsets = [];

    public void Add(int font, int charset)
    {
        if (_charsets.Count < MaxFonts)
        {
            _charsets[font] = charset;
        }
    }

    /// <summary>The encoding of a font; that of the text where the font does not say.</summary>
    public Encoding EncodingOf(int font, Encoding text) =>
        _charsets.TryGetValue(font, out var charset) && CodePageOf(charset) is { } codepage ? Find(codepage) ?? text : text;

    /// <summary>The encoding of a code page; null where it is not known here.</summary>
    public static Encoding? Find(int codepage)
    {
        // 42 is that of symbols, which have no characters.
        if (codepage is <= 0 or 42 or > 65535)
        {
            return null;
        }

        try
        {
            return Encoding.GetEncoding(codepage);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static int? CodePageOf(int charset) => charset switch
    {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        130 => 1361,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        254 => 437,
        255 => 850,
        _ => null,
    };
}
