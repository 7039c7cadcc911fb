using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime;

/// <summary>
/// A message or a part of one (RFC 2045 section 2.4) as a view over its bytes. The header is read at once, everything else when it is
/// asked for; not for use by several threads at a time.
/// </summary>
public sealed class Entity
{
    private readonly EntityPlace _place;
    private ContentType? _contentType;
    private string? _transferEncoding;
    private MultipartLayout? _layout;
    private IReadOnlyList<Entity>? _parts;
    private MimeFault? _partsFault;
    private byte[]? _boundary;

    private Entity(ReadOnlyMemory<byte> raw, HeaderSection header, ReadOnlyMemory<byte> body, EntityPlace place)
    {
        Raw = raw;
        Header = header;
        Body = body;
        _place = place;
    }

    /// <summary>All octets of the entity.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The fields before the first empty line, or before the first line that is no field and continues none.</summary>
    public HeaderSection Header { get; }

    /// <summary>
    /// All after the empty line that ends the header, still in its transfer encoding. Where there is no such line
    /// (<see cref="HasSeparator"/>), the body begins with the line that is no field. Some readers look for fields behind it.
    /// </summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Whether an empty line stands between header and body.</summary>
    public bool HasSeparator => Header.Raw.Length + Body.Length < Raw.Length;

    /// <summary>The content type, or the default where the field is missing or has no type (RFC 2045 section 5.2).</summary>
    public ContentType ContentType => _contentType ??= ReadContentType();

    /// <summary>The transfer encoding in lower case; "7bit" where none is named.</summary>
    public string TransferEncoding => _transferEncoding ??= ReadTransferEncoding();

    /// <summary>Whether the entity is a multipart whose parts can be told apart: it names a boundary.</summary>
    public bool IsMultipart => ContentType.Type == "multipart" && Boundary.Length > 0;

    /// <summary>Whether the entity is a message inside a message (RFC 2046 section 5.2.1, RFC 6532 section 3.7).</summary>
    public bool IsMessage => ContentType.MediaType is "message/rfc822" or "message/global" or "message/news";

    /// <summary>What stands before the first part of a multipart, without the line end before the delimiter.</summary>
    public ReadOnlyMemory<byte> Preamble => Layout is { } layout ? Body[layout.Preamble] : default;

    /// <summary>What stands after the line of the last delimiter of a multipart.</summary>
    public ReadOnlyMemory<byte> Epilogue => Layout is { } layout ? Body[layout.Epilogue] : default;

    /// <summary>The name of the file the entity is meant to become, decoded, or null.</summary>
    public string? FileName => Disposition.FileNameOf(Header) ?? ContentType.Parameter("name");

    internal MultipartLayout? Layout => _layout ??= IsMultipart ? MultipartLayout.Read(Body.Span, Boundary, _place.Limits.MaxParts) : null;

    internal byte[] Boundary => _boundary ??= ReadBoundary();

    /// <summary>Reads a message; fails only where a limit is exceeded, never on mail that is merely malformed.</summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> bytes,
        MimeLimits limits,
        [NotNullWhen(true)] out Entity? entity,
        [NotNullWhen(false)] out MimeFault? fault)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return TryParse(bytes, EntityPlace.Root(limits), out entity, out fault);
    }

    /// <summary>
    /// The entities directly inside: the parts of a multipart, the one message of a message/rfc822, none of anything else. Fails only
    /// where a limit is exceeded.
    /// </summary>
    public bool TryGetParts([NotNullWhen(true)] out IReadOnlyList<Entity>? parts, [NotNullWhen(false)] out MimeFault? fault)
    {
        if (_parts is null && _partsFault is null)
        {
            _parts = ReadParts(out _partsFault);
        }

        parts = _parts;
        fault = _partsFault;
        return parts is not null && fault is null;
    }

    /// <summary>The body without its transfer encoding. Damaged encodings give what can be read of them.</summary>
    public byte[] DecodeBody() => TransferDecoding.Decode(TransferEncoding, Body.Span);

    /// <summary>The body without its transfer encoding; false where the encoding is damaged or unknown, and programs may read different octets.</summary>
    public bool TryDecodeBody(out ReadOnlyMemory<byte> decoded) => WholeDecoding.TryDecode(TransferEncoding, Body, out decoded);

    /// <summary>The entity that fields and a body from different places form; its <see cref="Raw"/> is the body alone.</summary>
    internal static Entity Assemble(IEnumerable<HeaderField> fields, ReadOnlyMemory<byte> body, MimeLimits limits) =>
        new(body, new HeaderSection(default, [.. fields]), body, EntityPlace.Root(limits));

    private static bool TryParse(
        ReadOnlyMemory<byte> bytes,
        EntityPlace place,
        [NotNullWhen(true)] out Entity? entity,
        [NotNullWhen(false)] out MimeFault? fault)
    {
        entity = null;
        fault = place.Enter();
        if (fault is not null || !HeaderReader.TryRead(bytes, place.IsMessage, place.Limits, place.AddedFields, out var header, out var bodyStart, out fault))
        {
            return false;
        }

        fault = place.Count(header);
        if (fault is not null)
        {
            return false;
        }

        entity = new Entity(bytes, header, bytes[bodyStart..], place);
        return true;
    }

    private List<Entity>? ReadParts(out MimeFault? fault)
    {
        fault = null;
        var parts = new List<Entity>();
        if (Layout is { } layout)
        {
            var place = _place.OfParts(isInDigest: ContentType.Subtype == "digest");
            foreach (var range in layout.Parts)
            {
                if (!TryParse(Body[range], place, out var part, out fault))
                {
                    return null;
                }

                parts.Add(part);
            }
        }
        else if (IsMessage)
        {
            // A message may not be encoded, but some are, and their readers decode them.
            var inside = TransferDecoding.IsEncoding(TransferEncoding) ? DecodeBody() : Body;
            if (!TryParse(inside, _place.OfMessage(), out var message, out fault))
            {
                return null;
            }

            parts.Add(message);
        }

        return parts;
    }

    private ContentType ReadContentType() =>
        Header.Find("Content-Type") is { } field && ContentType.TryParse(field.Body, out var read)
            ? read
            : _place.IsInDigest ? ContentType.Message : ContentType.PlainText;

    private string ReadTransferEncoding()
    {
        var field = Header.Find("Content-Transfer-Encoding");
        var token = field is null ? string.Empty : new ParameterReader(field.Body).ReadToken().ToLowerInvariant();
        return token.Length == 0 ? "7bit" : token;
    }

    private byte[] ReadBoundary()
    {
        var boundary = ContentType.Parameter("boundary");
        if (string.IsNullOrEmpty(boundary))
        {
            return [];
        }

        // The parameter was read as UTF-8 or Latin-1; the delimiter lines carry the octets it was read from.
        return Header.Find("Content-Type")!.BodyEncoding.GetBytes(boundary);
    }
}
