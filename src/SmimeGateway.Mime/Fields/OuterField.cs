using System.Text;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Fields;

/// <summary>HP-Outer: the protected word about a field that is outside (RFC 9788 section 2.2.1).</summary>
internal static class OuterField
{
    public const string Name = "HP-Outer";

    // RFC 5322 section 2.1.1, without the line end.
    private const int GoodLineLength = 78;

    /// <summary>
    /// Writes it for a field as it is outside. The value keeps its folds; the name before it makes its first line longer, which is folded
    /// where there is a blank in any case.
    /// </summary>
    public static HeaderField Compose(HeaderField field)
    {
        var value = field.RawBody.Span.TrimStart(" \t\r\n"u8);
        var end = value.IndexOf((byte)'\r');
        var line = field.Name.Length + 2 + (end < 0 ? value.Length : end);
        var start = Name.Length + 2 + line <= GoodLineLength ? $"{Name}: {field.Name}: "
            : line < TransitScan.MaxLineLength ? $"{Name}:\r\n {field.Name}: "
            : $"{Name}: {field.Name}:\r\n ";
        return new HeaderField((byte[])[.. Encoding.ASCII.GetBytes(start), .. value, .. "\r\n"u8]);
    }

    /// <summary>The field that it speaks of.</summary>
    public static HeaderField Read(HeaderField field) => new(field.RawBody.TrimStart(" \t\r\n"u8));
}
