using SmimeGateway.Queueing;

namespace SmimeGateway.Tests.Queueing;

/// <summary>Content that stays on the disk while it is delivered.</summary>
public sealed class StoredContentTests
{
    private const int Block = 64 * 1024;

    private static readonly Func<DiskQueueOptions, DiskQueueOptions> Options =
        options => options with { SegmentBytes = 1024 * 1024, OwnFileBytes = 200_000, CacheBytes = 0 };

    [Theory]
    [InlineData(Block - 1, true)]
    [InlineData(Block, true)]
    [InlineData(Block + 1, false)]
    [InlineData(2 * Block, false)]
    [InlineData((2 * Block) + 7, false)]
    [InlineData(200_001, false)]
    [InlineData(1_000_000, false)]
    public async Task Content_longer_than_a_block_is_read_block_by_block_as_often_as_it_is_wanted(int length, bool isInMemory)
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(length);
        await bed.Queue.AddAsync(message);

        var taken = await bed.Queue.NextAsync();

        taken.Content.IsInMemory.ShouldBe(isInMemory);
        taken.Content.Length.ShouldBe(length);
        taken.Content.Blocks.ShouldAllBe(block => block.Length <= Block);
        taken.Content.Read().Span.SequenceEqual(message.Content.Span).ShouldBeTrue();
        taken.Content.Read(100).Span.SequenceEqual(message.Content.Span[..100]).ShouldBeTrue();
    }

    [Fact]
    public async Task A_large_message_is_not_kept_in_memory_for_its_delivery()
    {
        await using var bed = new QueueBed(options => Options(options) with { CacheBytes = 10_000_000 });
        await bed.Queue.AddAsync(Mail.OfLength(1_000_000));

        (await bed.Queue.NextAsync()).Content.IsInMemory.ShouldBeFalse();
    }

    [Fact]
    public async Task Content_that_is_moved_while_it_is_read_is_read_to_its_end()
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(150_000);
        await bed.Queue.AddAsync(message);
        var first = bed.Disk.Files.Keys.Where(static name => name.EndsWith(".journal", StringComparison.Ordinal)).Order().First();
        var taken = await bed.Queue.NextAsync();
        using var blocks = taken.Content.Blocks.GetEnumerator();
        blocks.MoveNext().ShouldBeTrue();
        var read = new List<byte>(blocks.Current.ToArray());

        while (bed.Disk.Exists(first))
        {
            await bed.Queue.AddAsync(Mail.OfLength(100_000));
            await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());
        }

        while (blocks.MoveNext())
        {
            read.AddRange(blocks.Current.Span);
        }

        read.ToArray().AsSpan().SequenceEqual(message.Content.Span).ShouldBeTrue();
    }

    [Theory]
    [InlineData(150_000)]
    [InlineData(300_000)]
    public async Task Content_that_changes_on_the_disk_while_it_is_sent_breaks_off(int length)
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(length);
        await bed.Queue.AddAsync(message);
        var taken = await bed.Queue.NextAsync();
        var last = message.Content.Span[^20..].ToArray();
        var file = bed.Disk.Files.Single(candidate => candidate.Value.Bytes.AsSpan().IndexOf(last) >= 0).Key;

        bed.Disk.Corrupt(file, bytes =>
        {
            bytes[bytes.AsSpan().IndexOf(last)] ^= 1;
            return bytes;
        });

        var sent = 0;
        Should.Throw<IOException>(() =>
        {
            foreach (var block in taken.Content.Blocks)
            {
                sent += block.Length;
            }
        });
        sent.ShouldBeInRange(Block, length - 1);
    }
}
