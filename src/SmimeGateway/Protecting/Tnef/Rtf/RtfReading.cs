using System.Text;

namespace SmimeGateway.Protecting.Tnef.Rtf;

/// <summary>
/// Reads the text of RTF, and the HTML where that is what it was made of (MS-OXRTFEX section 3.1): tags stand in groups of their own, the
/// text is between them, and \htmlrtf surrounds what is for those who show the RTF.
/// </summary>
internal sealed class RtfReading(long budget, CancellationToken cancellationToken)
{
    // Real texts have some dozens.
    private const int MaxGroups = 2000;
    private const int StepsPerLook = 4096;

    private static readonly HashSet<string> Hidden =
    [
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr",
        "footerf", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata", "colorschememapping", "latentstyles", "datastore",
        "xmlnstbl", "fldinst", "bkmkstart", "bkmkend", "mhtmltag",
    ];

    private readonly StringBuilder _text = new();
    private readonly List<byte> _pending = [];
    private readonly Stack<State> _outer = new();
    private readonly RtfFonts _fonts = new();
    private Encoding _ansi = Encoding.GetEncoding(1252);
    private State _state = new() { Encoding = Encoding.GetEncoding(1252), Fallback = 1 };
    private int _font;

    /// <summary>What the text is.</summary>
    public RtfForm Form { get; private set; }

    /// <summary>The octets that may still be made.</summary>
    public long Left { get; private set; } = budget;

    /// <summary>Reads a text.</summary>
    public string Read(ReadOnlySpan<byte> rtf)
    {
        var tokens = new RtfTokens(rtf);
        var steps = 0;
        while (tokens.TryTake(out var token))
        {
            if (++steps % StepsPerLook == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (token.Kind is not (RtfTokenKind.Octet or RtfTokenKind.Text))
            {
                Flush();
            }

            switch (token.Kind)
            {
                case RtfTokenKind.GroupStart:
                    Open();
                    break;
                case RtfTokenKind.GroupEnd:
                    Close();
                    break;
                case RtfTokenKind.Octet:
                    Add([(byte)token.Number!.Value]);
                    break;
                case RtfTokenKind.Text:
                    Add(token.Octets);
                    break;
                default:
                    Obey(token.Word, token.Number);
                    break;
            }
        }

        Flush();
        return _text.ToString();
    }

    private void Open()
    {
        if (_outer.Count == MaxGroups)
        {
            throw new TnefFormException($"its text has groups nested more than {MaxGroups} deep");
        }

        _state.Skip = 0;
        _outer.Push(_state);
        _state.IsStart = true;
    }

    private void Close()
    {
        if (_outer.TryPop(out var outer))
        {
            _state = outer;
        }
    }

    // Octets are decoded together: a character may be several of them.
    private void Add(ReadOnlySpan<byte> octets)
    {
        _state.IsStart = false;
        while (_state.Skip > 0 && !octets.IsEmpty)
        {
            octets = octets[1..];
            _state.Skip--;
        }

        if (!_state.IsHidden && !_state.IsForRtf)
        {
            _pending.AddRange(octets);
        }
    }

    private void Flush()
    {
        if (_pending.Count > 0)
        {
            Append(_state.Encoding.GetString([.. _pending]));
            _pending.Clear();
        }
    }

    private void Append(string text)
    {
        if (_state.IsHidden || _state.IsForRtf)
        {
            return;
        }

        // What is no tag is text, whoever wrote it so.
        var written = Form == RtfForm.Html && !_state.IsTag ? Escape(text) : text;
        Left = Left >= written.Length ? Left - written.Length : throw new TnefFormException("its texts are too long when they are unpacked");
        _text.Append(written);
    }

    private static string Escape(string text) =>
        text.AsSpan().ContainsAny('<', '>', '&') ? text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal) : text;

    private void Obey(string word, int? number)
    {
        var isFirst = _state.IsStart;
        if (word == "*")
        {
            _state.IsIgnorable = isFirst;
            return;
        }

        var isDestination = isFirst || _state.IsIgnorable;
        _state.IsStart = false;
        if (isDestination && BeginDestination(word))
        {
            return;
        }

        // What stands for a character of before, for those who do not know it (RTF 1.9.1, "Unicode RTF").
        if (_state.Skip > 0)
        {
            _state.Skip--;
            return;
        }

        switch (word)
        {
            case "fromhtml":
                Form = number == 0 ? Form : RtfForm.Html;
                break;
            case "fromtext":
                Form = RtfForm.Text;
                break;
            case "htmlrtf":
                _state.IsForRtf = number != 0;
                break;
            case "ansicpg":
                _ansi = RtfFonts.Find(number ?? 0) ?? _ansi;
                _state.Encoding = _ansi;
                break;
            case "deff" or "f":
                _font = number ?? 0;
                _state.Encoding = _fonts.EncodingOf(_font, _ansi);
                break;
            case "plain":
                _state.Encoding = _ansi;
                break;
            case "fcharset" when _state.IsFonts:
                _fonts.Add(_font, number ?? 0);
                break;
            case "uc":
                _state.Fallback = Math.Clamp(number ?? 1, 0, 100);
                break;
            case "u":
                Append(((char)(ushort)(number ?? 0)).ToString());
                _state.Skip = _state.Fallback;
                break;
            default:
                AppendCharacter(word);
                break;
        }
    }

    private bool BeginDestination(string word)
    {
        var isIgnorable = _state.IsIgnorable;
        _state.IsIgnorable = false;
        if (word == "htmltag")
        {
            _state.IsTag = true;
            return true;
        }

        if (word == "fonttbl")
        {
            _state.IsFonts = true;
        }

        if (isIgnorable || Hidden.Contains(word))
        {
            _state.IsHidden = true;
            return true;
        }

        return false;
    }

    private void AppendCharacter(string word)
    {
        var character = word switch
        {
            "par" or "line" or "row" or "sect" or "page" or "\r" or "\n" => "\r\n",
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
        if (character is not null)
        {
            Append(character);
        }
    }

    // What a group inherits from the one around it, and what ends with it.
    private struct State
    {
        public Encoding Encoding;

        /// <summary>How many characters stand behind \u for those who do not know it.</summary>
        public int Fallback;

        /// <summary>How many of them are still to come.</summary>
        public int Skip;

        public bool IsStart;
        public bool IsIgnorable;
        public bool IsHidden;
        public bool IsFonts;
        public bool IsTag;
        public bool IsForRtf;
    }
}
