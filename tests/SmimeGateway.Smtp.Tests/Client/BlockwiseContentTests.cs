using System.Text;
using FsCheck.Fluent;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

/// <summary>Content that is not in memory, and comes block by block.</summary>
public sealed class BlockwiseContentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_content_is_cut_into_blocks_the_server_gets_it_byte_for_byte(bool chunking)
    {
        await using var nextHop = Server(chunking);
        await using var session = await OpenSession.WithAsync(nextHop);
        var pieces = Gen.Elements(".", "\r", "\n", "\r\n", "\r\n.", ".\r", "\n.", "text", new string('x', 70_000)).ListOf();

        foreach (var sample in pieces.Sample(30, 300))
        {
            // A server takes no bare CR or LF, so what comes out of the cutting may not hold one: each piece is a block, and ends are mended.
            var blocks = Mended(sample.Select(Encoding.ASCII.GetBytes));
            byte[] whole = [.. blocks.SelectMany(block => block)];
            await session.SendAsync(SomeMail.Envelope, Content(blocks), default);

            nextHop.Messages.TryDequeue(out var received).ShouldBeTrue();
            received.Content.AsSpan().SequenceEqual(whole).ShouldBeTrue(Encoding.ASCII.GetString(whole.AsSpan(0, Math.Min(whole.Length, 200))));
        }
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 2_000_000)]
    [InlineData(true, 2_000_000)]
    public async Task Content_that_cannot_be_read_to_its_end_is_never_taken_for_a_message(bool chunking, int before)
    {
        await using var nextHop = Server(chunking);
        await using var session = await OpenSession.WithAsync(nextHop);
        var read = 0;
        var content = new MessageContent(before + 10, Failing());

        await Should.ThrowAsync<IOException>(async () => await session.SendAsync(SomeMail.Envelope, content, default));

        session.IsReusable.ShouldBeFalse();
        nextHop.Messages.ShouldBeEmpty();

        IEnumerable<ReadOnlyMemory<byte>> Failing()
        {
            yield return Encoding.ASCII.GetBytes(new string('x', before));

            // The first look decides what the message asks of the server; the second is the sending.
            yield return read++ == 0 ? "\r\nthe rest"u8.ToArray() : throw new IOException("gone");
        }
    }

    private static ScriptedNextHop Server(bool chunking)
    {
        var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = chunking ? ["PIPELINING", "CHUNKING"] : ["PIPELINING"];
        return nextHop;
    }

    private static MessageContent Content(IReadOnlyList<byte[]> blocks) =>
        new(blocks.Sum(block => (long)block.Length), blocks.Select(block => new ReadOnlyMemory<byte>(block)));

    private static List<byte[]> Mended(IEnumerable<byte[]> blocks)
    {
        var mended = new List<byte[]>();
        byte last = 0;
        foreach (var block in blocks.Append("end\r\n"u8.ToArray()))
        {
            var copy = new List<byte>();
            foreach (var octet in block)
            {
                if (last == '\r' && octet != '\n')
                {
                    copy.Add((byte)'\n');
                }

                copy.Add(octet == '\n' && last != '\r' ? (byte)'x' : octet);
                last = copy[^1];
            }

            mended.Add([.. copy]);
        }

        return mended;
    }
}
