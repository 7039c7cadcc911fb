using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime;

/// <summary>What the fields of one name may say to somebody: also those on lines that only lenient programs take for one.</summary>
public sealed class FieldReadings
{
    private FieldReadings(IReadOnlyList<string> texts, bool isUncertain)
    {
        Texts = texts;
        IsUncertain = isUncertain;
    }

    /// <summary>The decoded texts, in their order.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Whether somebody may read what is not among the texts: the name is disguised, or a word is encoded in a way that programs undo differently.</summary>
    public bool IsUncertain { get; }

    /// <summary>Searches a message.</summary>
    public static FieldReadings Of(Entity message, string name)
    {
        var lines = AuthorLines.Find(message, name);
        return new FieldReadings(
            [.. lines.Fields.Select(field => field.Text)], lines.HasHidden || lines.Fields.Any(field => HasUncertainWord(field.Body)));
    }

    private static bool HasUncertainWord(string body)
    {
        var start = body.IndexOf("=?", StringComparison.Ordinal);
        while (start >= 0)
        {
            if (!EncodedWords.TryReadParts(body, start, out var charset, out var encoding, out var payload, out var end))
            {
                end = start + 2;
            }
            else if (!Charsets.IsCertain(charset) || IsCut(encoding, payload))
            {
                return true;
            }

            start = body.IndexOf("=?", end, StringComparison.Ordinal);
        }

        return false;
    }

    // Some join the words before they decode them, and read another text where one ends in the middle of a character's code.
    private static bool IsCut(char encoding, ReadOnlySpan<char> payload) =>
        encoding == 'b' ? payload.Length % 4 != 0 : payload.LastIndexOf('=') is var escape and >= 0 && escape > payload.Length - 3;
}
