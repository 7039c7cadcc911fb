using System.Text;
using System.Text.Unicode;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime;

/// <summary>
/// One field of a header section (RFC 5322 section 2.2) as a view over its bytes. A message may begin with the line that a mailbox file
/// put before it, which is no field: it is kept with an empty name.
/// </summary>
public sealed class HeaderField
{
    private readonly int _nameLength;
    private readonly int _bodyStart;
    private string? _name;
    private string? _body;
    private string? _text;

    internal HeaderField(ReadOnlyMemory<byte> raw)
    {
        Raw = raw;
        _nameLength = FieldSyntax.NameLength(raw.Span, out _bodyStart);
    }

    /// <summary>The field with its name, its folds and its last line end, as it came.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The name as it is written, without blanks before the colon; empty where the line is no field.</summary>
    public string Name => _name ??= Encoding.ASCII.GetString(Raw.Span[.._nameLength]);

    /// <summary>All between the colon and the last line end, folds included.</summary>
    public ReadOnlyMemory<byte> RawBody => Raw[_bodyStart..^FieldSyntax.LineEndLength(Raw.Span)];

    /// <summary>The body without folds and outer blanks; read as UTF-8 (RFC 6532), or as Latin-1 where it is not UTF-8.</summary>
    public string Body => _body ??= Decode(FieldSyntax.Unfold(RawBody.Span));

    /// <summary>The body with its encoded words (RFC 2047) decoded.</summary>
    public string Text => _text ??= EncodedWords.Decode(Body);

    internal bool IsField => _nameLength > 0;

    /// <summary>The encoding <see cref="Body"/> was read with: it leads from characters back to the same bytes.</summary>
    internal Encoding BodyEncoding => EncodingOf(RawBody.Span);

    /// <summary>Whether this is the field of that name, ignoring case.</summary>
    public bool Is(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length == _nameLength && _nameLength > 0 && Ascii.EqualsIgnoreCase(Raw.Span[.._nameLength], name);
    }

    /// <summary>
    /// The same field without parts of <see cref="Text"/>, which are in their order and do not overlap. What is not encoded keeps its octets;
    /// what is, is encoded anew, without control characters (RFC 2047).
    /// </summary>
    public HeaderField WithoutText(IReadOnlyList<Range> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Count == 0 ? this : TextCut.Apply(this, parts);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Body}";

    /// <summary>Whether this field describes content (Content-Type and its relatives, RFC 2045 section 3).</summary>
    internal bool IsContentField => _nameLength > 8 && Ascii.EqualsIgnoreCase(Raw.Span[..8], "Content-"u8);

    internal static HeaderField Compose(string name, string body) => new(Encoding.UTF8.GetBytes($"{name}: {body}\r\n"));

    private static Encoding EncodingOf(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1;

    private static string Decode(ReadOnlySpan<byte> bytes) => EncodingOf(bytes).GetString(bytes);
}
