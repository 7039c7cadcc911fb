using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime;

/// <summary>Puts the content of a message into a multipart, as its only part.</summary>
public static class Enclosure
{
    /// <summary>
    /// The message with its content, byte for byte, as the only part of a multipart/mixed. A content that is signed already cannot carry
    /// protected header fields itself (RFC 9788 section 2.1: they stand in what is inside all signatures, and nothing can be added there); nor
    /// can one to whose type no parameter can be added.
    /// </summary>
    public static SplitMessage Enclose(SplitMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var boundary = UniqueBoundary.Create();
        var head = $"--{boundary}\r\n";
        var tail = $"\r\n--{boundary}--\r\n";
        var content = message.Content;
        var writer = new MessageWriter(head.Length + content.Length + tail.Length);
        writer.Write(head);
        writer.Write(content);
        writer.Write(tail);
        var fields = new List<HeaderField> { HeaderField.Compose("Content-Type", $"multipart/mixed; boundary=\"{boundary}\"") };
        var own = Entity.Assemble(message.ContentFields, message.Body, MimeLimits.Standard).TransferEncoding;
        if ((own == "binary" ? own : WideLabel.For(content)) is { } label)
        {
            fields.Add(HeaderField.Compose("Content-Transfer-Encoding", label));
        }

        return new SplitMessage(message.OuterFields, fields, writer.Finish());
    }
}
