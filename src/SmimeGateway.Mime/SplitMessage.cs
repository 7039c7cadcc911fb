using System.Buffers;
using System.Text;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime;

/// <summary>A message taken apart into what stays outside and the content to protect (RFC 8551 section 3.1).</summary>
public sealed class SplitMessage
{
    private static readonly HeaderField[] VersionAlone = [new(Encoding.ASCII.GetBytes(MimeVersion.Line))];

    private readonly ReadOnlySequence<byte> _body;
    private ReadOnlyMemory<byte>? _joined;

    internal SplitMessage(IReadOnlyList<HeaderField> outerFields, IReadOnlyList<HeaderField> contentFields, ReadOnlyMemory<byte> body)
        : this(outerFields, contentFields, new ReadOnlySequence<byte>(body))
    {
    }

    internal SplitMessage(IReadOnlyList<HeaderField> outerFields, IReadOnlyList<HeaderField> contentFields, ReadOnlySequence<byte> body)
    {
        // A message without any field is composed like one with some; none at all stands for an entity inside another one.
        OuterFields = outerFields.Count == 0 ? VersionAlone : outerFields;
        ContentFields = contentFields;
        _body = body;
    }

    /// <summary>
    /// The fields that stay with the message: all but MIME-Version, those that describe the content, and those that name blind
    /// recipients. Where nothing is left, MIME-Version alone: what is composed with these fields is always a whole message.
    /// </summary>
    public IReadOnlyList<HeaderField> OuterFields { get; }

    /// <summary>The fields that describe the content; always with a Content-Type.</summary>
    public IReadOnlyList<HeaderField> ContentFields { get; }

    /// <summary>The body as it came, or with a legacy display in it (<see cref="HeaderProtection"/>), in one piece.</summary>
    public ReadOnlyMemory<byte> Body => _joined ??= _body.IsSingleSegment ? _body.First : _body.ToArray();

    /// <summary>The same message with other outer fields.</summary>
    public SplitMessage WithOuterFields(IReadOnlyList<HeaderField> outerFields)
    {
        ArgumentNullException.ThrowIfNull(outerFields);
        return new SplitMessage(outerFields, ContentFields, _body);
    }

    /// <summary>Content fields, empty line and body: the entity to protect, not yet fit for transit. Copies nothing of the body.</summary>
    public ReadOnlySequence<byte> Content
    {
        get
        {
            var pieces = new BytePieces();
            foreach (var contentField in ContentFields)
            {
                pieces.AddField(contentField);
            }

            pieces.AddLineEnd();
            foreach (var piece in _body)
            {
                pieces.Add(piece);
            }

            return pieces.ToSequence();
        }
    }
}
