using System.Buffers;
using System.Text;

namespace SmimeGateway.Mime.Fields;

/// <summary>
/// Where the pieces of a Content-Type field stand that keeps to the letter of RFC 2045 section 5.1: type, subtype, and parameters that are
/// tokens or quoted strings. Of such a field every program knows where a parameter begins and ends, so that one can be added or taken out.
/// </summary>
/// <param name="TypeEnd">The place behind the subtype, in the octets of the field.</param>
/// <param name="Parameters">The names as they are written, each with its place from the end of what stands before it.</param>
internal sealed record TypeSyntax(int TypeEnd, IReadOnlyList<KeyValuePair<string, Range>> Parameters)
{
    private static readonly SearchValues<byte> TokenOctets = SearchValues.Create(
        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>Reads a field; null where it is written in any other way, be it only with a comment.</summary>
    public static TypeSyntax? Read(HeaderField field)
    {
        var raw = field.Raw.Span;
        var text = raw[..^FieldSyntax.LineEndLength(raw)];
        var place = field.Name.Length;
        if (!TrySkip(text, ref place, ':'))
        {
            return null;
        }

        SkipBlanks(text, ref place);
        if (!TrySkipToken(text, ref place) || !TrySkip(text, ref place, '/') || !TrySkipToken(text, ref place))
        {
            return null;
        }

        var parameters = new List<KeyValuePair<string, Range>>();
        var typeEnd = place;
        while (true)
        {
            var start = place;
            SkipBlanks(text, ref place);
            var isSeparated = TrySkip(text, ref place, ';');
            SkipBlanks(text, ref place);
            if (place == text.Length)
            {
                return new TypeSyntax(typeEnd, parameters);
            }

            var name = place;
            if (!isSeparated || !TrySkipToken(text, ref place))
            {
                return null;
            }

            var written = Encoding.ASCII.GetString(text[name..place]);
            if (!TrySkip(text, ref place, '=') || !(TrySkipToken(text, ref place) || TrySkipQuoted(text, ref place)))
            {
                return null;
            }

            parameters.Add(new(written, start..place));
        }
    }

    private static bool TrySkip(ReadOnlySpan<byte> text, ref int place, char expected)
    {
        var isThere = place < text.Length && text[place] == expected;
        place += isThere ? 1 : 0;
        return isThere;
    }

    private static bool TrySkipToken(ReadOnlySpan<byte> text, ref int place)
    {
        var length = text[place..].IndexOfAnyExcept(TokenOctets);
        length = length < 0 ? text.Length - place : length;
        place += length;
        return length > 0;
    }

    // Octets outside of ASCII are UTF-8 by RFC 6532, or of a charset nobody named; they end nothing.
    private static bool TrySkipQuoted(ReadOnlySpan<byte> text, ref int place)
    {
        if (!TrySkip(text, ref place, '"'))
        {
            return false;
        }

        while (place < text.Length && text[place] != '"')
        {
            var length = text[place] switch
            {
                (byte)'\\' when place + 1 < text.Length && text[place + 1] is >= (byte)' ' and not 0x7F => 2,
                (byte)'\\' => 0,
                (byte)'\t' or (>= (byte)' ' and not 0x7F) => 1,
                _ => FoldLength(text[place..]),
            };
            if (length == 0)
            {
                return false;
            }

            place += length;
        }

        return TrySkip(text, ref place, '"');
    }

    private static void SkipBlanks(ReadOnlySpan<byte> text, ref int place)
    {
        while (place < text.Length)
        {
            var length = text[place] is (byte)' ' or (byte)'\t' ? 1 : FoldLength(text[place..]);
            if (length == 0)
            {
                return;
            }

            place += length;
        }
    }

    private static int FoldLength(ReadOnlySpan<byte> text) => text.StartsWith("\r\n "u8) || text.StartsWith("\r\n\t"u8) ? 2 : 0;
}
