namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>
/// Writes content and final dot after the 354. Small content is one write; long content goes out in blocks, straight from the caller's
/// memory wherever no dot has to be doubled, and each block has the block timeout of its own.
/// </summary>
internal static class ContentWriter
{
    private const int BlockBytes = 64 * 1024;

    // The last piece of content leaves room for a line end and the dot, so that they travel in the same write.
    private const int TerminatorBytes = 5;

    public static async ValueTask WriteAsync(ClientTransport transport, ReadOnlyMemory<byte> content, SmtpClientTimeouts timeouts)
    {
        var position = 0;
        var dot = DotStuffing.NextLeadingDot(content.Span, 0);
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
                dot = DotStuffing.NextLeadingDot(content.Span, position);
            }
            else if (position < content.Length)
            {
                await FlushIfAnyAsync(transport, timeouts);
            }
        }

        transport.Append(content.Length == 0 || content.Span.EndsWith("\r\n"u8) ? ".\r\n"u8 : "\r\n.\r\n"u8);
        await transport.FlushAsync(timeouts.DataBlock);
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
