namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>
/// Writes content and final dot after the 354. Small content is one write; long content goes out in blocks, straight from where it is in
/// memory wherever no dot has to be doubled, and each block has the block timeout of its own.
/// </summary>
internal static class ContentWriter
{
    private const int BlockBytes = 64 * 1024;

    // The last piece of content leaves room for a line end and the dot, so that they travel in the same write.
    private const int TerminatorBytes = 5;

    public static async ValueTask WriteAsync(ClientTransport transport, MessageContent content, SmtpClientTimeouts timeouts)
    {
        // A dot at the very beginning stands at the start of a line, and no content at all ends like a line.
        var before = LineBreak.Whole;
        foreach (var block in content.Blocks)
        {
            await WriteAsync(transport, block, before, timeouts);
            before = before.After(block.Span);
        }

        transport.Append(before == LineBreak.Whole ? ".\r\n"u8 : "\r\n.\r\n"u8);
        await transport.FlushAsync(timeouts.DataBlock);
    }

    private static async ValueTask WriteAsync(ClientTransport transport, ReadOnlyMemory<byte> content, LineBreak before, SmtpClientTimeouts timeouts)
    {
        var position = 0;
        var dot = DotStuffing.NextLeadingDot(content.Span, 0, before);
        while (position < content.Length)
        {
            if (dot - position >= BlockBytes)
            {
                await FlushIfAnyAsync(transport, timeouts);
                await transport.WriteAsync(content.Slice(position, BlockBytes), timeouts.DataBlock);
                position += BlockBytes;
                continue;
            }

            position += Copy(transport, content.Span[position..dot]);
            if (position == dot && dot < content.Length && transport.OutputRoom.Length >= 2 + TerminatorBytes)
            {
                transport.Append(".."u8);
                position++;
                dot = DotStuffing.NextLeadingDot(content.Span, position, before);
            }
            else if (position < content.Length)
            {
                await FlushIfAnyAsync(transport, timeouts);
            }
        }
    }

    private static int Copy(ClientTransport transport, ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(bytes.Length, transport.OutputRoom.Length - TerminatorBytes);
        transport.Append(bytes[..length]);
        return length;
    }

    private static ValueTask FlushIfAnyAsync(ClientTransport transport, SmtpClientTimeouts timeouts) =>
        transport.IsOutputEmpty ? ValueTask.CompletedTask : transport.FlushAsync(timeouts.DataBlock);
}
