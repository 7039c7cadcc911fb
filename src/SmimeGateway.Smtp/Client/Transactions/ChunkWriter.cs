using System.Globalization;

namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>
/// Writes content in chunks of stated length (RFC 3030), which no octet in it can end early. Small content is one chunk and one write.
/// </summary>
/// <remarks>
/// BDAT never travels with the envelope, though pipelining would allow it: a server that refused everybody and does not skip the chunk
/// would read the content as commands. The round trip is the same that DATA costs.
/// </remarks>
internal sealed class ChunkWriter(ClientTransport transport, MessageContent content, bool isPipelined, SmtpClientTimeouts timeouts)
{
    /// <summary>Longer content travels in several chunks, so that a refusal is heard before everything was sent.</summary>
    public const int ChunkBytes = 1024 * 1024;

    private const int BlockBytes = 64 * 1024;

    // Chunks that were sent and not answered yet.
    private int _unanswered;

    // What is left of the block that was read last.
    private ReadOnlyMemory<byte> _block;

    /// <summary>Sends everything. Returns the refusal of a chunk before the last, or null when the last one waits for its reply.</summary>
    /// <exception cref="SessionLostException">The connection broke, or the server breaks the protocol.</exception>
    public async ValueTask<ServerReply?> WriteAsync()
    {
        var left = content.Length;
        using var blocks = content.Blocks.GetEnumerator();
        for (; left > ChunkBytes; left -= ChunkBytes)
        {
            await WriteChunkAsync(blocks, ChunkBytes, isLast: false);
            _unanswered++;

            // With pipelining the line stays busy: the reply to a chunk is awaited while the next one travels.
            if (await ReadRepliesAsync(atMostUnanswered: isPipelined ? 1 : 0) is { } refusal)
            {
                return refusal;
            }
        }

        // A reply that belongs to an earlier chunk must not be taken for the one that decides.
        if (await ReadRepliesAsync(atMostUnanswered: 0) is { } lateRefusal)
        {
            return lateRefusal;
        }

        if (transport.HasUnreadInput)
        {
            throw SessionLostException.Violation("a reply came before the content was sent");
        }

        await WriteChunkAsync(blocks, (int)left, isLast: true);
        return null;
    }

    /// <summary>After a broken write: true when a positive reply may still be that to an earlier chunk.</summary>
    public bool TakeUnanswered() => _unanswered-- > 0;

    private async ValueTask<ServerReply?> ReadRepliesAsync(int atMostUnanswered)
    {
        while (_unanswered > atMostUnanswered)
        {
            var reply = await transport.ReadReplyAsync(timeouts.Command);
            _unanswered--;
            if (reply.Code is >= 300 and <= 399)
            {
                throw SessionLostException.Violation("a chunk was answered with 3xx");
            }

            if (!reply.IsPositive)
            {
                // The chunk behind it is refused as well, and its reply would be taken for that to the next command.
                for (; _unanswered > 0 && reply.Code != 421; _unanswered--)
                {
                    await transport.ReadReplyAsync(timeouts.Command);
                }

                return reply;
            }
        }

        return null;
    }

    private async ValueTask WriteChunkAsync(IEnumerator<ReadOnlyMemory<byte>> blocks, int length, bool isLast)
    {
        transport.Append("BDAT "u8);
        length.TryFormat(transport.OutputRoom, out var digits, default, CultureInfo.InvariantCulture);
        transport.Advance(digits);
        transport.Append(isLast ? " LAST\r\n"u8 : "\r\n"u8);
        while (length > 0)
        {
            if (_block.IsEmpty)
            {
                _block = blocks.MoveNext() ? blocks.Current : throw new IOException("The content is shorter than it was said to be.");
                continue;
            }

            // The command travels with the first octets.
            var most = transport.IsOutputEmpty ? BlockBytes : transport.OutputRoom.Length;
            var piece = _block[..Math.Min(Math.Min(_block.Length, length), most)];
            if (transport.IsOutputEmpty)
            {
                await transport.WriteAsync(piece, timeouts.DataBlock);
            }
            else
            {
                transport.Append(piece.Span);
                await transport.FlushAsync(timeouts.DataBlock);
            }

            _block = _block[piece.Length..];
            length -= piece.Length;
        }

        if (!transport.IsOutputEmpty)
        {
            await transport.FlushAsync(timeouts.DataBlock);
        }
    }
}
