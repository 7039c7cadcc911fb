using System.Text;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Hardening;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>Puts a parameter into a Content-Type field and leaves every other one as it is written.</summary>
internal static class TypeParameter
{
    // RFC 5322 section 2.1.1, without the line end.
    private const int GoodLineLength = 78;

    /// <summary>The fields with the parameter in the first Content-Type, and in no other; one is added where there is none.</summary>
    public static List<HeaderField> Set(IReadOnlyList<HeaderField> fields, string name, string value)
    {
        var changed = Remove(fields, name).ToList();
        var first = changed.FindIndex(field => field.Is("Content-Type"));
        if (first < 0)
        {
            changed.Add(HeaderField.Compose("Content-Type", "text/plain; charset=us-ascii"));
            first = changed.Count - 1;
        }

        changed[first] = ContentType.TryParse(changed[first].Body, out _)
            ? Insert(changed[first], $"{name}=\"{value}\"")
            // No type at all is read as text (RFC 2045 section 5.2).
            : HeaderField.Compose("Content-Type", $"text/plain; {name}=\"{value}\"");
        return changed;
    }

    /// <summary>
    /// The fields without the parameter in any Content-Type, in whatever form a reader might find it there; the same list where none has it.
    /// </summary>
    public static IReadOnlyList<HeaderField> Remove(IReadOnlyList<HeaderField> fields, string name)
    {
        List<HeaderField>? changed = null;
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].Is("Content-Type") && Mentions(fields[i].Body, name))
            {
                changed ??= [.. fields];
                // Written anew, a field holds what was understood of it and nothing else.
                changed[i] = ContentType.TryParse(fields[i].Body, out _)
                    ? new HeaderField(ParameterRepair.Write(fields[i], name, value: null))
                    : HeaderField.Compose("Content-Type", "text/plain; charset=us-ascii");
            }
        }

        return changed ?? fields;
    }

    // Wherever the name stands and could be one: an equals sign, or the star of RFC 2231, follows it.
    private static bool Mentions(string body, string name)
    {
        for (var at = body.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = body.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var rest = body.AsSpan(at + name.Length).TrimStart();
            if (rest is ['=' or '*' or '(', ..] && (at == 0 || !(char.IsAsciiLetterOrDigit(body[at - 1]) || body[at - 1] is '-' or '_' or '.')))
            {
                return true;
            }
        }

        return false;
    }

    // Behind the type, where no quote or comment can be open. At the end there might be one, and a boundary would swallow what is added.
    private static HeaderField Insert(HeaderField field, string parameter)
    {
        // Latin-1 has one character for each octet, so that a place in the text is one in the field.
        var body = Encoding.Latin1.GetString(field.RawBody.Span).Replace('\r', ' ').Replace('\n', ' ');
        var reader = new ParameterReader(body);
        reader.ReadToken();
        var typeEnd = reader.Position;
        if (reader.TrySkip('/'))
        {
            typeEnd = reader.Position;
            typeEnd = reader.ReadToken().Length > 0 ? reader.Position : typeEnd;
        }

        var raw = field.Raw.Span;
        var end = raw.Length - FieldSyntax.LineEndLength(raw);
        var place = end - field.RawBody.Length + typeEnd;
        var lineStart = raw[..place].LastIndexOf((byte)'\n') + 1;
        var lineEnd = raw[place..end].IndexOf((byte)'\r');
        var length = (lineEnd < 0 ? end : place + lineEnd) - lineStart + 2 + parameter.Length;
        var inserted = Encoding.ASCII.GetBytes((length > GoodLineLength ? ";\r\n " : "; ") + parameter);
        return new HeaderField((byte[])[.. raw[..place], .. inserted, .. raw[place..end], .. "\r\n"u8]);
    }
}
