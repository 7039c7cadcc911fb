using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Composing;

/// <summary>
/// A part of a message that is made here and not found in one. All that is written is 7-bit and fit for transit, whatever the texts and
/// names are that it is made of; only what is kept from another message keeps its octets.
/// </summary>
public sealed class NewPart
{
    private readonly HeaderField[] _fields;
    private readonly ReadOnlyMemory<byte> _octets;
    private readonly NewPart[] _parts;
    private readonly string _boundary;
    private readonly PartBody _body;

    private NewPart(PartBody body, HeaderField[] fields, ReadOnlyMemory<byte> octets, NewPart[] parts, string boundary, string? label)
    {
        _body = body;
        _fields = fields;
        _octets = octets;
        _parts = parts;
        _boundary = boundary;
        Label = label;
    }

    /// <summary>Whether an octet above 127 is inside: 8bit, or null.</summary>
    internal string? Label { get; }

    /// <summary>A text that is shown, as UTF-8; its lines become those of mail, and it keeps no control characters but tabs.</summary>
    /// <param name="subtype">What kind of text, "plain" or "html".</param>
    /// <param name="text">The text.</param>
    /// <param name="parameters">Further parameters of the type, tokens all of them.</param>
    public static NewPart Text(string subtype, string text, params IReadOnlyList<(string Name, string Value)> parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(subtype);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(parameters);
        var type = parameters.Aggregate($"text/{subtype}; charset=utf-8", (written, parameter) => $"{written}; {parameter.Name}={parameter.Value}");
        var octets = Encoding.UTF8.GetBytes(PlainLines.Of(text));
        var isReadable = QuotedPrintable.EncodedLength(octets) <= Base64Body.EncodedLength(octets.Length, Base64Body.MaxLineLength);
        return isReadable
            ? new NewPart(PartBody.Octets, [Field("Content-Type", type), Field("Content-Transfer-Encoding", "quoted-printable")], QuotedPrintable.Encode(octets), [], string.Empty, label: null)
            : new NewPart(PartBody.Base64, [Field("Content-Type", type), Field("Content-Transfer-Encoding", "base64")], octets, [], string.Empty, label: null);
    }

    /// <summary>A file.</summary>
    /// <param name="mediaType">Its type, "type/subtype" in tokens.</param>
    /// <param name="octets">What is in it.</param>
    /// <param name="name">Its name; control characters, folders and what would break the field are taken out of it.</param>
    /// <param name="isShown">Whether it is part of what is shown, or kept apart as an attachment.</param>
    /// <param name="contentId">How other parts name it, without angle brackets; null where they do not, or where it is none.</param>
    public static NewPart File(string mediaType, ReadOnlyMemory<byte> octets, string? name, bool isShown = false, string? contentId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(mediaType);
        List<HeaderField> fields =
        [
            Field("Content-Type", mediaType),
            Field("Content-Transfer-Encoding", "base64"),
            new(Encoding.ASCII.GetBytes($"Content-Disposition: {(isShown ? "inline" : "attachment")}{FileNames.Parameter(name)}\r\n")),
        ];
        if (contentId is not null && ContentIds.IsWritable(contentId))
        {
            fields.Add(Field("Content-ID", $"<{contentId}>"));
        }

        return new NewPart(PartBody.Base64, [.. fields], octets, [], string.Empty, label: null);
    }

    /// <summary>An entity that keeps every octet: header, empty line and body.</summary>
    public static NewPart Kept(Entity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return new NewPart(PartBody.Octets, [], entity.Raw, [], string.Empty, WideLabel.For(new ReadOnlySequence<byte>(entity.Raw)));
    }

    /// <summary>Parts in one; where there is only one of them, that one.</summary>
    /// <param name="subtype">How they belong together: "mixed", "alternative" or "related".</param>
    /// <param name="parts">At least one.</param>
    public static NewPart Multipart(string subtype, IReadOnlyList<NewPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var boundary = UniqueBoundary.Create();
        var label = parts.FirstOrDefault(part => part.Label is not null)?.Label;
        var type = Field("Content-Type", $"multipart/{subtype}; boundary=\"{boundary}\"");
        return new NewPart(
            PartBody.Parts, label is null ? [type] : [type, Field("Content-Transfer-Encoding", label)], default, [.. parts], boundary, label);
    }

    /// <summary>A message inside the message, as an attachment.</summary>
    /// <param name="header">Its header, without the fields that describe its content.</param>
    /// <param name="content">Its content.</param>
    public static NewPart Message(NewHeader header, NewPart content)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(content);
        HeaderField[] fields = [Field("Content-Type", "message/rfc822"), Field("Content-Disposition", "attachment")];
        return new NewPart(
            PartBody.Message, content.Label is { } label ? [.. fields, Field("Content-Transfer-Encoding", label)] : fields, header.ToArray(), [content], string.Empty, content.Label);
    }

    internal void WriteTo(PartPieces pieces)
    {
        foreach (var field in _fields)
        {
            pieces.Add(field.Raw);
        }

        if (_fields.Length > 0)
        {
            pieces.AddLineEnd();
        }

        switch (_body)
        {
            case PartBody.Octets:
                pieces.Add(_octets);
                break;
            case PartBody.Base64:
                pieces.AddBase64(_octets);
                break;
            case PartBody.Message:
                pieces.Add(_octets);
                _parts[0].WriteTo(pieces);
                break;
            case PartBody.Parts:
                foreach (var part in _parts)
                {
                    pieces.Add($"--{_boundary}\r\n");
                    part.WriteTo(pieces);
                    pieces.AddLineEnd();
                }

                pieces.Add($"--{_boundary}--\r\n");
                break;
        }
    }

    private static HeaderField Field(string name, string body) => HeaderField.Compose(name, body);

    private enum PartBody
    {
        Octets,
        Base64,
        Message,
        Parts,
    }
}
