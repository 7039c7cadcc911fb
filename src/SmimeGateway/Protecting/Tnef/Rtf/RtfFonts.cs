namespace SmimeGateway.Protecting.Tnef.Rtf;

/// <summary>The code pages in which the fonts of a text are written: RTF names a charset with each font (RTF 1.9.1, "Font Table").</summary>
internal sealed class RtfFonts
{
    private const int MaxFonts = 10_000;
    private const int Western = 1252;
    private const int OfSymbols = 2;

    // A charset that stands for none, so that only ASCII can be read.
    private const int Nobody = 0;

    private readonly Dictionary<int, (int? Charset, int? CodePage)> _fonts = [];

    /// <summary>The code page of the text where its font does not say.</summary>
    public int Ansi { get; set; } = Western;

    /// <summary>The font of what is in no other (\deff).</summary>
    public int? First { get; set; }

    /// <summary>Adds the charset of a font (\fcharset).</summary>
    public void AddCharset(int font, int charset) => Add(font, _fonts.GetValueOrDefault(font) with { Charset = charset });

    /// <summary>Adds the code page of a font (\cpg), which counts for more.</summary>
    public void AddCodePage(int font, int codepage) => Add(font, _fonts.GetValueOrDefault(font) with { CodePage = codepage });

    /// <summary>Decodes a piece of text.</summary>
    /// <param name="octets">The piece.</param>
    /// <param name="font">The font that is named for it; null where none is.</param>
    /// <param name="place">Where it is: a tag of HTML has no font, and readers take that around it, or that of the text.</param>
    /// <exception cref="TnefFormException">It is no text, or readers would read different ones.</exception>
    public string Decode(ReadOnlySpan<byte> octets, int? font, RtfPlace place)
    {
        var used = _fonts.GetValueOrDefault(font ?? First ?? -1);
        var isTag = place == RtfPlace.Tag;
        if (used is { Charset: OfSymbols, CodePage: null } && !isTag)
        {
            // Before an entry of a list any symbol is one for that.
            return place == RtfPlace.Mark && octets.Length == 1 ? "\u2022" : Symbols(octets);
        }

        var codepage = used.CodePage ?? (used.Charset is null or 1 or OfSymbols ? Ansi : CodePageOf(used.Charset.Value) ?? Nobody);
        var text = StrictText.Decode(octets, codepage);

        // Western is what fonts are where nobody has thought of them.
        var isUncertain = codepage != Ansi && (isTag || (font is null && used.Charset == 0));
        return !isUncertain || (StrictText.TryDecode(octets, Ansi, out var other) && other == text)
            ? text
            : throw new TnefFormException("a text in RTF can be read in two code pages");
    }

    private void Add(int font, (int? Charset, int? CodePage) known)
    {
        if (_fonts.Count < MaxFonts)
        {
            _fonts[font] = known;
        }
    }

    // Of the signs that are no letters two are in every text that has lists.
    private static string Symbols(ReadOnlySpan<byte> octets)
    {
        Span<char> text = new char[octets.Length];
        for (var i = 0; i < octets.Length; i++)
        {
            text[i] = octets[i] is < 0x80 or 0xB7 or 0xA7 ? (char)octets[i] : throw new TnefFormException("a text in RTF has symbols that are no characters");
        }

        return text.ToString();
    }

    private static int? CodePageOf(int charset) => charset switch
    {
        0 => Western,
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
