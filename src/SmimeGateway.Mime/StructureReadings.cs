using System.Text;
using SmimeGateway.Mime.Authors;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime;

/// <summary>
/// The ways in which programs read the structure of an entity. Of several fields of one name some go by the first and some by the last, and
/// one of them may be a layer of signing where the other is a text.
/// </summary>
public static class StructureReadings
{
    // Every honest entity has one.
    private const int MaxReadings = 8;

    private static readonly string[] Names = ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"];

    // What makes a program look for another message inside: in a type by any of these words, in the name of a file by its last letters.
    private static readonly string[] LayerWords = ["pkcs7", "multipart", "message", "signed", "encrypted", .. LayerEnds];

    private static string[] LayerEnds => [".p7m", ".p7c", ".p7z"];

    /// <summary>The readings of a message whose fields of content are written anew when it is protected, so that no line is in doubt.</summary>
    public static IReadOnlyList<Entity>? OfMessage(Entity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Of(message, name => [.. message.Header.Where(field => field.Is(name))]);
    }

    /// <summary>
    /// The readings of what keeps every octet: the part of a multipart, or the content of a CMS object. Null where they cannot all be told
    /// and somebody may find a message inside.
    /// </summary>
    public static IReadOnlyList<Entity>? OfPart(Entity part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var lines = Names.ToDictionary(name => name, name => AuthorLines.Find(part, name));
        if (lines.Values.Any(found => found.HasHidden)
            || lines.Any(found => found.Value.Fields.Count > part.Header.Count(field => field.Is(found.Key))))
        {
            return null;
        }

        // Behind a line that is no field some look for more of the header, and see another body.
        var readings = Of(part, name => lines[name].Fields);
        return part.HasSeparator || part.Body.IsEmpty || readings?.TrueForAll(reading => !HasInside(reading)) == true ? readings : null;
    }

    private static bool HasInside(Entity entity) => entity.ContentType.Type is "multipart" or "message" || SmimeTypes.IsPkcs7Mime(entity);

    private static List<Entity>? Of(Entity entity, Func<string, IReadOnlyList<HeaderField>> find)
    {
        List<HeaderField[]> readings = [[]];
        var isOne = true;
        foreach (var name in Names)
        {
            HeaderField[] different = [.. find(name).DistinctBy(field => field.Body)];
            isOne &= different.Length < 2;
            if (different.Length * readings.Count > MaxReadings)
            {
                return null;
            }

            readings = different.Length == 0 ? readings
                : [.. readings.SelectMany(chosen => different.Select(field => (HeaderField[])[.. chosen, field]))];
        }

        var entities = isOne
            ? new List<Entity> { entity }
            : readings.ConvertAll(chosen => Entity.Assemble(
                [.. entity.Header.Where(field => !Array.Exists(Names, field.Is)), .. chosen], entity.Body, MimeLimits.Standard));
        return entities.TrueForAll(IsCertain) ? entities : null;
    }

    private static bool IsCertain(Entity reading)
    {
        var type = reading.ContentType;
        if (reading.Header.Find("Content-Type") is { } field && !(TypeReading.IsPlain(field.Body) && IsInLines(field)) && Mentions(field, LayerWords))
        {
            return false;
        }

        return type.Type switch
        {
            // Some undo an encoding of what may have none, and others do not.
            "multipart" => !TransferDecoding.IsEncoding(reading.TransferEncoding) && HasOneBoundary(reading),
            "message" => !TransferDecoding.IsEncoding(reading.TransferEncoding),
            _ => type.MediaType != "application/octet-stream" || SmimeTypes.IsPkcs7Mime(reading)
                || !reading.Header.Any(field => field.IsContentField && Mentions(field, LayerEnds)),
        };
    }

    // A line of blanks alone ends the header to some (RFC 5322 section 4.2 calls it obsolete).
    private static bool IsInLines(HeaderField field) =>
        !Encoding.Latin1.GetString(field.RawBody.Span).Split('\n').Skip(1).Any(string.IsNullOrWhiteSpace);

    private static bool HasOneBoundary(Entity multipart)
    {
        var reader = new ParameterReader(multipart.Header.Find("Content-Type")!.Body);
        reader.ReadToken();
        reader.TrySkip('/');
        reader.ReadToken();
        var parameters = reader.ReadParameters();
        return parameters.CountOf("boundary") is var count
            && (count == 0 || (count == 1 && reader.IsClean && !IsDecoded(multipart.Header.Find("Content-Type")!.Body)))
            && (multipart.ContentType.Subtype != "signed" || AreDelimitersClear(multipart));
    }

    // Some undo what looks like an encoded word or a quoted character wherever it stands, and search for another delimiter.
    private static bool IsDecoded(string body) => EncodedWords.Decode(body) != body || body.Contains('\\', StringComparison.Ordinal);

    // A line that begins like a delimiter and goes on is one to some.
    private static bool AreDelimitersClear(Entity multipart)
    {
        if (multipart.Boundary.Length == 0)
        {
            return true;
        }

        byte[] delimiter = [.. "\n--"u8, .. multipart.Boundary];
        var body = multipart.Body.Span;
        var lines = body.StartsWith(delimiter.AsSpan(1)) ? 1 : 0;
        for (var at = body.IndexOf(delimiter); at >= 0; at = body.IndexOf(delimiter))
        {
            lines++;
            body = body[(at + delimiter.Length)..];
        }

        return multipart.Layout is { } layout && lines == layout.Parts.Count + (layout.IsClosed ? 1 : 0);
    }

    // Among whatever programs leave out: quotes, comments, blanks, encodings.
    private static bool Mentions(HeaderField field, string[] words)
    {
        string[] texts = [field.Body, field.Text, Uri.UnescapeDataString(field.Text)];
        return texts.Select(text => string.Concat(text.Where(character => char.IsAsciiLetterOrDigit(character) || character == '.')))
            .Any(text => Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
