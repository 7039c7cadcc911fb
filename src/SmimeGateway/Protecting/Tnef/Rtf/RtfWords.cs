namespace SmimeGateway.Protecting.Tnef.Rtf;

/// <summary>The words of RTF that say what a group is, and those that are characters (RTF 1.9.1).</summary>
internal static class RtfWords
{
    // What describes the text or its looks, or is a picture.
    private static readonly HashSet<string> Silent =
    [
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "listtable", "listoverridetable", "listpicture", "revtbl", "rsidtbl", "generator", "themedata",
        "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "bkmkstart", "bkmkend", "mhtmltag", "pn", "pntxta", "pntxtb", "pnseclvl", "wgrffmtfilter",
        "defchp", "defpap", "background", "panose", "falt", "fname", "shppict", "nonshppict", "blipuid", "picprop", "sn", "sv", "sp", "objdata", "objclass", "objname",
        "objalias", "objtopic", "objitem", "mmathPr", "template", "pgptbl", "userprops", "docvar", "protusertbl", "passwordhash", "filetbl", "ftnsep", "ftnsepc",
        "aftnsep", "aftnsepc", "aftncn", "ftncn", "datafield", "company", "operator", "fchars", "lchars", "listname", "levelnumbers", "leveltext",
    ];

    // What has a text of its own that is not part of what is read from the first line to the last.
    private static readonly HashSet<string> Apart =
        ["header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "footnote", "annotation", "upr"];

    // Those that are marked as something that may be passed over, and are part of the text.
    private static readonly HashSet<string> Open = ["shpinst", "shptxt", "fldinst", "fldrslt", "result", "pntext", "listtext", "htmltag"];

    /// <summary>What becomes of the text of a group that begins with a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="isIgnorable">Whether it may be passed over by those who do not know it.</param>
    public static RtfPlace PlaceOf(string word, bool isIgnorable) => word switch
    {
        "htmltag" => RtfPlace.Tag,
        "fldinst" => RtfPlace.Instruction,
        "pntext" or "listtext" => RtfPlace.Mark,
        _ when Silent.Contains(word) => RtfPlace.Nowhere,
        _ when Apart.Contains(word) || (isIgnorable && !Open.Contains(word)) => RtfPlace.Lost,
        _ => RtfPlace.Text,
    };

    /// <summary>The character that a word is; null where it is none.</summary>
    public static string? CharacterOf(string word) => word switch
    {
        "par" or "line" or "row" or "sect" or "page" or "column" or "softline" or "softpage" or "nestrow" or "\r" or "\n" => "\r\n",
        "tab" or "cell" or "nestcell" or "\t" => "\t",
        "lquote" => "\u2018",
        "rquote" => "\u2019",
        "ldblquote" => "\u201C",
        "rdblquote" => "\u201D",
        "bullet" => "\u2022",
        "endash" => "\u2013",
        "emdash" => "\u2014",
        "~" => "\u00A0",
        "_" => "\u2011",
        "emspace" or "enspace" or "qmspace" => " ",
        "\\" or "{" or "}" => word,
        _ => null,
    };

    /// <summary>The code page that a word names for a text; null where it names none.</summary>
    public static int? CodePageOf(string word, int? number) => word switch
    {
        "ansi" => 1252,
        "mac" => 10000,
        "pc" => 437,
        "pca" => 850,
        "ansicpg" => number ?? 0,
        _ => null,
    };
}

/// <summary>Where a text in RTF is.</summary>
internal enum RtfPlace
{
    /// <summary>In what is read.</summary>
    Text,

    /// <summary>In a tag of HTML.</summary>
    Tag,

    /// <summary>In what a field is told to show.</summary>
    Instruction,

    /// <summary>In the sign before an entry of a list.</summary>
    Mark,

    /// <summary>In what nobody reads.</summary>
    Nowhere,

    /// <summary>In something that is not understood here, or has no place in the text.</summary>
    Lost,
}
