using System.Runtime.InteropServices;
using System.Text;
using SmimeGateway.Protecting.Tnef.Bodies;

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

    private readonly SaidWriter _said = new();
    private readonly StringBuilder _instruction = new();
    private readonly List<byte> _pending = [];
    private readonly Stack<State> _outer = new();
    private readonly RtfFonts _fonts = new();
    private State _state = new() { Fallback = 1 };
    private char? _half;
    private int _mark;
    private int _described;
    private bool _isAfterEntity;

    /// <summary>What the text is.</summary>
    public RtfForm Form { get; private set; }

    /// <summary>Whether nothing was left out that says something, and is not understood here.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The octets that may still be made.</summary>
    public long Left { get; private set; } = budget;

    /// <summary>Reads a text.</summary>
    public SaidText Read(ReadOnlySpan<byte> rtf)
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
        return _half is null ? _said.ToText() : throw HalfCharacter();
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
        if (!_outer.TryPop(out var outer))
        {
            return;
        }

        var ended = _state;
        _state = outer;
        if (ended.Place == RtfPlace.Mark && outer.Place != RtfPlace.Mark)
        {
            _said.Mark(_mark);
        }
        else if (ended.Place == RtfPlace.Tag && outer.Place != RtfPlace.Tag)
        {
            _isAfterEntity = _said.Has('&', _mark);
        }
        else if (ended.Place == RtfPlace.Instruction && outer.Place == RtfPlace.Text)
        {
            _state.Target = TargetOf(_instruction.ToString());
        }
        else if (ended.Target is { Length: > 0 } target && outer.Target is null && ended.Place == RtfPlace.Text)
        {
            _said.Add(AsideKind.Link, target);
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

        if (_state.Place != RtfPlace.Nowhere)
        {
            _pending.AddRange(octets);
        }
    }

    private void Flush()
    {
        if (_pending.Count > 0)
        {
            // What is not shown need not be decoded to be missed.
            var octets = CollectionsMarshal.AsSpan(_pending);
            Append(IsShown ? _fonts.Decode(octets, _state.Font, _state.Place) : Encoding.Latin1.GetString(octets));
            _pending.Clear();
        }
    }

    private bool IsShown => !_state.IsForRtf && _state.Place is not (RtfPlace.Nowhere or RtfPlace.Lost) && !(_state.Place == RtfPlace.Mark && Form == RtfForm.Html);

    private void Append(string text)
    {
        if (!IsShown)
        {
            // A character that HTML has by its name is there again for those who show RTF.
            IsWhole &= _state.Place is not (RtfPlace.Lost or RtfPlace.Text) || text.AsSpan().IsWhiteSpace() || (_state.IsForRtf && _isAfterEntity && text.Length == 1);
            _isAfterEntity = false;
            return;
        }

        if (_half is { } half)
        {
            text = half + text;
            _half = null;
        }

        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            (_half, text) = (text[^1], text[..^1]);
        }

        // What is no tag is text, whoever wrote it so.
        var written = Form == RtfForm.Html && _state.Place != RtfPlace.Tag ? Escape(text) : text;
        Left = Left >= written.Length ? Left - written.Length : throw new TnefFormException("its texts are too long when they are unpacked");
        if (_state.Place == RtfPlace.Instruction)
        {
            _instruction.Append(text);
        }
        else
        {
            _said.Add(IsSound(written) ? written : throw HalfCharacter());
        }
    }

    private static TnefFormException HalfCharacter() => new("a text in RTF has half a character");

    private static bool IsSound(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
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
            case "deff":
                _fonts.First = number ?? 0;
                break;
            case "f":
                (_state.Font, _described) = (number ?? 0, number ?? 0);
                break;
            case "plain":
                _state.Font = null;
                break;
            case "fcharset" when _state.IsFonts:
                _fonts.AddCharset(_described, number ?? 0);
                break;
            case "cpg" when _state.IsFonts:
                _fonts.AddCodePage(_described, number ?? 0);
                break;
            case "uc":
                _state.Fallback = Math.Clamp(number ?? 1, 0, 100);
                break;
            case "u" when IsShown || number is not null:
                Append(((char)(ushort)(number ?? throw new TnefFormException("a text in RTF has a character without a number"))).ToString());
                _state.Skip = _state.Fallback;
                break;
            case "bin":
                IsWhole &= number is null or <= 0 || !IsShown;
                break;
            case "v" or "deleted" when IsShown:
                _said.IsObscure |= number != 0;
                break;
            case "'" when IsShown:
                throw new TnefFormException("a text in RTF has an octet that is none");
            default:
                _fonts.Ansi = RtfWords.CodePageOf(word, number) ?? _fonts.Ansi;
                Append(RtfWords.CharacterOf(word) ?? string.Empty);
                break;
        }
    }

    private bool BeginDestination(string word)
    {
        var place = RtfWords.PlaceOf(word, _state.IsIgnorable);
        _state.IsIgnorable = false;
        _state.IsFonts |= word == "fonttbl";
        _said.HasPictures |= word is "pict" or "objdata";
        if (place == RtfPlace.Text || _state.Place is RtfPlace.Nowhere or RtfPlace.Lost)
        {
            return place != RtfPlace.Text;
        }

        _state.Place = place;
        _mark = place is RtfPlace.Mark or RtfPlace.Tag ? _said.Length : _mark;
        _instruction.Length = place == RtfPlace.Instruction ? 0 : _instruction.Length;
        return true;
    }

    // A link has its target; of others the picture that is shown for them is enough. What else a field shows is reckoned by its reader.
    private string TargetOf(string instruction)
    {
        var words = instruction.Trim();
        IsWhole &= words.Length == 0 || words.StartsWith("HYPERLINK", StringComparison.Ordinal) || words.StartsWith("INCLUDEPICTURE", StringComparison.Ordinal);
        return words.StartsWith("HYPERLINK", StringComparison.Ordinal) ? words["HYPERLINK".Length..].Trim().Trim('"') : string.Empty;
    }

    // What a group inherits from the one around it, and what ends with it.
    private struct State
    {
        /// <summary>The font that is named; null for that of the text.</summary>
        public int? Font;

        /// <summary>Where the link leads whose words are in the group; null where it is in none.</summary>
        public string? Target;

        /// <summary>How many characters stand behind \u for those who do not know it.</summary>
        public int Fallback;

        /// <summary>How many of them are still to come.</summary>
        public int Skip;

        public RtfPlace Place;
        public bool IsStart;
        public bool IsIgnorable;
        public bool IsFonts;
        public bool IsForRtf;
    }
}
