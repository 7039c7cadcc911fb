using System.Runtime.InteropServices;
using SmimeGateway.Smtp.Server.Content;

namespace SmimeGateway.Smtp.Tests.Server;

public sealed class MessageBufferTests
{
    private const int FiftyMegabytes = 50_000_000;

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(300_000)]
    [InlineData(1_000_000)]
    public void Octets_come_out_as_they_went_in_whatever_was_announced(int? announced)
    {
        var octets = new byte[300_000];
        new Random(7).NextBytes(octets);
        var buffer = new MessageBuffer();
        buffer.Start("prefix"u8, announced);

        foreach (var piece in octets.Chunk(4099))
        {
            buffer.Append(piece);
        }

        buffer.Take().ToArray().ShouldBe([.. "prefix"u8, .. octets]);
    }

    [Fact]
    public void An_announced_message_costs_little_more_than_its_size() =>
        Cost(FiftyMegabytes, FiftyMegabytes).ShouldBeLessThan(FiftyMegabytes * 13L / 10);

    [Fact]
    public void An_unannounced_message_costs_little_more_than_twice_its_size() =>
        Cost(FiftyMegabytes, null).ShouldBeLessThan(FiftyMegabytes * 22L / 10);

    [Fact]
    public void An_announcement_alone_buys_little_memory() =>
        Cost(100, FiftyMegabytes).ShouldBeLessThan(100_000);

    [Fact]
    public void A_small_message_is_handed_over_without_a_copy()
    {
        var buffer = new MessageBuffer();
        buffer.Start([], 10_000);
        buffer.Append(new byte[10_000]);

        var taken = buffer.Take();

        MemoryMarshal.TryGetArray(taken, out var segment).ShouldBeTrue();
        segment.Array!.Length.ShouldBeLessThan(10_100);
    }

    [Fact]
    public void A_buffer_starts_anew_for_every_message()
    {
        var buffer = new MessageBuffer();
        buffer.Start([], null);
        buffer.Append("first"u8);
        var first = buffer.Take();
        buffer.Start([], null);
        buffer.Append("second"u8);

        buffer.Take().ToArray().ShouldBe("second"u8.ToArray());
        first.ToArray().ShouldBe("first"u8.ToArray());
    }

    private static long Cost(int size, int? announced)
    {
        var piece = new byte[4096];
        var buffer = new MessageBuffer();
        var before = GC.GetAllocatedBytesForCurrentThread();
        buffer.Start([], announced);
        for (var left = size; left > 0; left -= piece.Length)
        {
            buffer.Append(piece.AsSpan(0, Math.Min(left, piece.Length)));
        }

        buffer.Take().Length.ShouldBe(size);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
