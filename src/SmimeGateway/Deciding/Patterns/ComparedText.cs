using System.Globalization;
using System.Text;

namespace SmimeGateway.Deciding.Patterns;

/// <summary>
/// A text in the one form in which the texts of header fields and the patterns for them are compared: composed (NFC), in lower case, without
/// characters that nobody sees, with one blank for any run of them and none at the ends. It knows where in the original each character stood.
/// </summary>
internal sealed class ComparedText
{
    // Marks on one letter beyond what any script needs; putting them in order takes the square of their number.
    private const int MaxElement = 32;

    private readonly List<(int Start, int End)> _sources;

    private ComparedText(string text, List<(int Start, int End)> sources)
    {
        Text = text;
        _sources = sources;
    }

    /// <summary>The text to compare.</summary>
    public string Text { get; }

    /// <summary>The text to compare, for those who do not ask where it came from.</summary>
    public static string Of(string text) => IsPlain(text) ? text.ToLowerInvariant() : Read(text).Text;

    /// <summary>Reads a text and remembers where its characters stood.</summary>
    public static ComparedText Read(string text)
    {
        var visible = new StringBuilder(text.Length);
        var sources = new List<(int Start, int End)>(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var rune = RuneAt(text, i, out var length);
            if (!IsGap(rune))
            {
                visible.Append(rune.ToString());
                sources.AddRange(Enumerable.Repeat((i, i + length), rune.Utf16SequenceLength));
            }
            else if (IsBlank(rune) && visible.Length > 0 && visible[^1] != ' ')
            {
                visible.Append(' ');
                sources.Add((i, i + length));
            }
            else if (IsBlank(rune) && visible.Length > 0)
            {
                sources[^1] = (sources[^1].Start, i + length);
            }

            i += length;
        }

        if (visible.Length > 0 && visible[^1] == ' ')
        {
            visible.Length--;
        }

        return Compose(visible.ToString(), sources);
    }

    /// <summary>Where in the original a part of the text stood, with all the invisible in between.</summary>
    public Range SourceOf(Range part)
    {
        var (start, length) = part.GetOffsetAndLength(Text.Length);
        return length == 0 ? ..0 : _sources[start].Start.._sources[start + length - 1].End;
    }

    /// <summary>Whether the character at this place is a blank or cannot be seen.</summary>
    public static bool IsGapAt(string text, int index)
    {
        var isSecondHalf = index > 0 && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]);
        return IsGap(RuneAt(text, isSecondHalf ? index - 1 : index, out _));
    }

    private static bool IsPlain(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && !text.StartsWith(' ') && !text.EndsWith(' ') && !text.Contains("  ", StringComparison.Ordinal);

    private static ComparedText Compose(string visible, List<(int Start, int End)> sources)
    {
        var composed = new StringBuilder(visible.Length);
        var places = new List<(int Start, int End)>(visible.Length);
        for (var i = 0; i < visible.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(visible.AsSpan(i));
            var element = visible.Substring(i, length);
            // Upper case first: several small letters share a capital one, as both sigmas do.
            var written = (length > MaxElement ? element : element.Normalize(NormalizationForm.FormC)).ToUpperInvariant().ToLowerInvariant();
            composed.Append(written);
            for (var j = 0; j < written.Length; j++)
            {
                places.Add(written.Length == length ? sources[i + j] : (sources[i].Start, sources[i + length - 1].End));
            }

            i += length;
        }

        return new ComparedText(composed.ToString(), places);
    }

    // What is no character is none for the composer either.
    private static Rune RuneAt(string text, int index, out int length)
    {
        var rune = Rune.TryGetRuneAt(text, index, out var read) ? read : Rune.ReplacementChar;
        length = rune == Rune.ReplacementChar ? 1 : rune.Utf16SequenceLength;
        return (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF ? Rune.ReplacementChar : rune;
    }

    private static bool IsGap(Rune rune) => IsBlank(rune) || IsInvisible(rune);

    // The empty pattern of Braille is the one blank that is none by its category.
    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value == 0x2800;

    // Controls and formats (zero-width spaces and joiners, marks of direction, the soft hyphen, the byte order mark, tags), and what Unicode
    // calls ignorable besides: fillers, joiners of graphemes, selectors of variants.
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2065 or 0x3164 or 0xFFA0
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);
}
