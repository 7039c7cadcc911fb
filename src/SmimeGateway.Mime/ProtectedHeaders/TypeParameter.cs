using System.Text;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Hardening;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>Puts a parameter into a Content-Type field, or takes one out, and leaves every other octet as it is.</summary>
internal static class TypeParameter
{
    private const string TypeName = "Content-Type";

    // RFC 5322 section 2.1.1, without the line end.
    private const int GoodLineLength = 78;

    /// <summary>
    /// Whether a parameter can be added without a change to what any program reads there already: behind a type that is written in any
    /// other way than it should be, one more parameter can end the type earlier, or begin parameters where there were none.
    /// </summary>
    public static bool CanBeSet(IEnumerable<HeaderField> fields)
    {
        HeaderField[] types = [.. fields.Where(IsType)];
        return types.Length == 0 || (types.Length == 1 && TypeSyntax.Read(types[0]) is not null);
    }

    /// <summary>The fields with the parameter in the Content-Type, which can take it; one is added where there is none.</summary>
    public static List<HeaderField> Set(IReadOnlyList<HeaderField> fields, string name, string value)
    {
        var changed = Remove(fields, name).ToList();
        var type = changed.FindIndex(IsType);
        if (type < 0)
        {
            changed.Add(HeaderField.Compose(TypeName, "text/plain; charset=us-ascii"));
            type = changed.Count - 1;
        }

        changed[type] = Insert(changed[type], $"{name}=\"{value}\"");
        return changed;
    }

    /// <summary>
    /// The fields without the parameter in any Content-Type; the same list where none has it. Null where one is written so that its
    /// readers may find the parameter in it, and do not agree on what else is there.
    /// </summary>
    public static IReadOnlyList<HeaderField>? TryRemove(IReadOnlyList<HeaderField> fields, string name) =>
        fields.Any(field => IsType(field) && Cut(field, name) is null) ? null : Remove(fields, name);

    /// <summary>
    /// The fields without the parameter in any Content-Type, in whatever form a reader might find it there; the same list where none has it.
    /// </summary>
    public static IReadOnlyList<HeaderField> Remove(IReadOnlyList<HeaderField> fields, string name)
    {
        List<HeaderField>? changed = null;
        for (var i = 0; i < fields.Count; i++)
        {
            if (IsType(fields[i]) && (Cut(fields[i], name) ?? WriteAnew(fields[i], name)) is var without && without != fields[i])
            {
                changed ??= [.. fields];
                changed[i] = without;
            }
        }

        return changed ?? fields;
    }

    private static bool IsType(HeaderField field) => field.Is(TypeName);

    // The field itself where it has no such parameter; null where that cannot be told.
    private static HeaderField? Cut(HeaderField field, string name)
    {
        if (TypeSyntax.Read(field) is not { } syntax)
        {
            return Mentions(field.Body, name) ? null : field;
        }

        var kept = new List<byte>();
        var written = 0;
        foreach (var (found, place) in syntax.Parameters)
        {
            // In pieces, or encoded, by RFC 2231.
            if (found.Split('*', 2)[0].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                kept.AddRange(field.Raw.Span[written..place.Start.Value]);
                written = place.End.Value;
            }
        }

        return written == 0 ? field : new HeaderField((byte[])[.. kept, .. field.Raw.Span[written..]]);
    }

    // Written anew, a field holds what was understood of it and nothing else.
    private static HeaderField WriteAnew(HeaderField field, string name) => ContentType.TryParse(field.Body, out _)
        ? new HeaderField(ParameterRepair.WriteWithout(field, name))
        : HeaderField.Compose(TypeName, "text/plain; charset=us-ascii");

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

    private static HeaderField Insert(HeaderField field, string parameter)
    {
        var place = TypeSyntax.Read(field)?.TypeEnd ?? throw new InvalidOperationException("The field cannot take a parameter.");
        var raw = field.Raw.Span;
        var end = raw.Length - FieldSyntax.LineEndLength(raw);
        var lineStart = raw[..place].LastIndexOf((byte)'\n') + 1;
        var lineEnd = raw[place..end].IndexOf((byte)'\r');
        var length = (lineEnd < 0 ? end : place + lineEnd) - lineStart + 2 + parameter.Length;
        var inserted = Encoding.ASCII.GetBytes((length > GoodLineLength ? ";\r\n " : "; ") + parameter);
        return new HeaderField((byte[])[.. raw[..place], .. inserted, .. raw[place..end], .. "\r\n"u8]);
    }
}
