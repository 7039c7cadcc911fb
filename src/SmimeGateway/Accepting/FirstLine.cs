namespace SmimeGateway.Accepting;

/// <summary>
/// The first line of a message once our Received field stands before it. Two kinds of line mean something only at the very top, and would
/// change what follows or what stands before; they are treated as Postfix treats them.
/// </summary>
internal static class FirstLine
{
    /// <summary>
    /// The message with its first lines made fit: the line that a mailbox file puts before a message becomes a field, X-Mailbox-Line, as the
    /// header would end with it; before a line that begins with a blank, the header ends, as the line would continue our own field.
    /// </summary>
    /// <param name="message">Our field, then the message as it was sent.</param>
    /// <param name="prefixLength">The length of our field.</param>
    public static ReadOnlyMemory<byte> Fit(ReadOnlyMemory<byte> message, int prefixLength)
    {
        var sent = message.Span[prefixLength..];
        if (!BeginsWithBlank(sent) && !IsMailboxLine(sent))
        {
            return message;
        }

        var fitting = new List<byte>(message.Length + 64);
        fitting.AddRange(message.Span[..prefixLength]);
        while (IsMailboxLine(sent))
        {
            var end = sent.IndexOf((byte)'\n') is var feed and >= 0 ? feed + 1 : sent.Length;
            fitting.AddRange("X-Mailbox-Line: "u8);
            fitting.AddRange(sent[..end]);
            sent = sent[end..];
        }

        if (BeginsWithBlank(sent))
        {
            fitting.AddRange("\r\n"u8);
        }

        fitting.AddRange(sent);
        return fitting.ToArray();
    }

    private static bool BeginsWithBlank(ReadOnlySpan<byte> sent) => sent is [(byte)' ' or (byte)'\t', ..];

    // A blank before the colon makes it the field after all (RFC 5322 section 4.5).
    private static bool IsMailboxLine(ReadOnlySpan<byte> sent)
    {
        var line = sent.TrimStart((byte)'>');
        return line.StartsWith("From "u8) && (line.Length < sent.Length || !line[5..].TrimStart(" \t"u8).StartsWith((byte)':'));
    }
}
