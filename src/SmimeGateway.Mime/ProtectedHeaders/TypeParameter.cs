using System.Text;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Hardening;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>Puts a parameter into a Content-Type field and leaves every other one as it is written.</summary>
internal static class TypeParameter
{
    // RFC 5322 section 2.1.1, without the line end.
    private const int GoodLineLength = 78;

    /// <summary>The fields with the parameter in the first Content-Type; one is added where there is none.</summary>
    public static List<HeaderField> Set(IReadOnlyList<HeaderField> fields, string name, string value)
    {
        var changed = new List<HeaderField>(fields.Count + 1);
        var isSet = false;
        foreach (var field in fields)
        {
            var isType = !isSet && field.Is("Content-Type");
            changed.Add(isType ? Set(field, name, value) : field);
            isSet |= isType;
        }

        if (!isSet)
        {
            changed.Add(Set(HeaderField.Compose("Content-Type", "text/plain; charset=us-ascii"), name, value));
        }

        return changed;
    }

    private static HeaderField Set(HeaderField field, string name, string value)
    {
        if (!ContentType.TryParse(field.Body, out var type))
        {
            // No type at all is read as text (RFC 2045 section 5.2).
            return HeaderField.Compose("Content-Type", $"text/plain; {name}=\"{value}\"");
        }

        return type.Parameter(name) switch
        {
            null => Insert(field, $"{name}=\"{value}\""),
            var present when present == value => field,
            _ => Insert(new HeaderField(ParameterRepair.Write(field, name, value: null)), $"{name}=\"{value}\""),
        };
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
