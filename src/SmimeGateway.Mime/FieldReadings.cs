using System.Text;
using SmimeGateway.Mime.Authors;
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
        for (var start = body.IndexOf("=?", StringComparison.Ordinal); start >= 0;)
        {
            if (!EncodedWords.TryReadParts(body, start, out var charset, out var encoding, out var payload, out var end))
            {
                end = start + 2;
                if (MayBeWord(body.AsSpan(end)))
                {
                    return true;
                }
            }
            else if (!Charsets.IsCertain(charset) || !Ascii.IsValid(payload) || !EncodedWords.IsReadAlike(encoding, payload))
            {
                return true;
            }

            start = body.IndexOf("=?", end, StringComparison.Ordinal);
        }

        return false;
    }

    // What is no word by the book, such as one with a question mark in its text or without an end, is one to some.
    private static bool MayBeWord(ReadOnlySpan<char> rest)
    {
        var encoding = rest[(rest.IndexOf('?') + 1)..].TrimStart();
        return encoding is ['q' or 'Q' or 'b' or 'B', ..] && encoding[1..].TrimStart() is ['?', ..];
    }
}
