using SmimeGateway.Protecting;
using SmimeGateway.Queueing;

namespace SmimeGateway.Tests.Queueing;

/// <summary>Messages of which the envelope is left: their senders can be told.</summary>
public sealed class DamagedContentTests
{
    private static readonly Func<DiskQueueOptions, DiskQueueOptions> Options =
        options => options with { SegmentBytes = 1024 * 1024, OwnFileBytes = 200_000, CacheBytes = 0 };

    /// <summary>Short, longer than a block, and in a file of its own.</summary>
    public static TheoryData<int> Lengths { get; } = [100, 150_000, 300_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Damage_that_shows_while_the_gateway_runs_leaves_sender_and_recipients(int length)
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(length);
        await bed.Queue.AddAsync(message);

        Damage(bed.Disk, message);

        await IsReportableAsync(bed);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Damage_that_shows_at_the_start_does_so_where_a_later_message_shows_that_it_was_confirmed(int length)
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(length);
        await bed.Queue.AddAsync(message);
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        await bed.Queue.AddAsync(Mail.Some("the other"));

        await bed.RestartAsync(disk => Damage(disk.AfterKill(), message));

        await IsReportableAsync(bed);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Damage_that_shows_at_the_start_does_so_where_an_attempt_shows_that_it_was_confirmed(int length)
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(length);
        await bed.Queue.AddAsync(message);
        await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow());

        await bed.RestartAsync(disk => Damage(disk.AfterKill(), message));

        await IsReportableAsync(bed);
    }

    [Fact]
    public async Task What_may_have_been_confirmed_to_nobody_is_kept_aside_and_reported_to_nobody()
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(100);
        await bed.Queue.AddAsync(message);

        await bed.RestartAsync(disk => Damage(disk.AfterKill(), message));

        bed.Queue.Summarize().Messages.ShouldBe(0);
        bed.Disk.Files.Keys.ShouldContain(name => name.StartsWith("damaged/", StringComparison.Ordinal));

        // Nor at any later start, when there are messages that were confirmed long after.
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        await bed.Queue.AddAsync(Mail.Some("the other"));
        await bed.RestartAsync();
        bed.Queue.Summarize().Messages.ShouldBe(1);
    }

    [Fact]
    public async Task A_large_message_whose_file_went_is_tried_again_for_an_administrator_may_put_it_back()
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(300_000);
        var id = await bed.Queue.AddAsync(message);
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        await bed.Queue.AddAsync(Mail.Some("the other"));
        await bed.RestartAsync(disk =>
        {
            var changed = disk.AfterKill();
            changed.Rename(id + ".message", "elsewhere");
            return changed;
        });

        var taken = await bed.Queue.NextAsync();
        taken.Unreadable.ShouldNotBeNull().IsDamage.ShouldBeFalse();
        await bed.Queue.DeferAsync(taken, bed.Time.GetUtcNow());
        bed.Disk.Rename("elsewhere", id + ".message");

        var found = new List<QueuedMessage> { await bed.Queue.NextAsync(), await bed.Queue.NextAsync() };
        found.Single(next => next.Id == id).Content.Read().Span.SequenceEqual(message.Content.Span).ShouldBeTrue();
    }

    [Fact]
    public async Task Damage_that_an_administrator_met_first_is_no_less_damage()
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(300_000);
        var id = await bed.Queue.AddAsync(message);
        Damage(bed.Disk, message);

        (await bed.Queue.ReadHeaderAsync(id, CancellationToken.None)).IsEmpty.ShouldBeTrue();

        await IsReportableAsync(bed);
    }

    [Fact]
    public async Task Damage_is_moved_along_with_what_lives_in_its_segment()
    {
        await using var bed = new QueueBed(Options);
        var message = Mail.OfLength(1_000);
        var id = await bed.Queue.AddAsync(message);
        await bed.Queue.HoldAsync(new QueueFilter { Ids = [id] }, CancellationToken.None);
        var first = bed.Disk.Files.Keys.Where(static name => name.EndsWith(".journal", StringComparison.Ordinal)).Order().First();
        Damage(bed.Disk, message);
        while (bed.Disk.Exists(first))
        {
            await bed.Queue.AddAsync(Mail.OfLength(150_000));
            await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());
        }

        await bed.Queue.ReleaseAsync(new QueueFilter { Ids = [id] }, CancellationToken.None);

        await IsReportableAsync(bed);
    }

    private static async Task IsReportableAsync(QueueBed bed)
    {
        var taken = await bed.Queue.NextAsync();

        taken.Unreadable.ShouldNotBeNull().IsDamage.ShouldBeTrue();
        taken.Envelope.ReversePath.Address.ShouldBe("alice@example.com");
        taken.Envelope.Recipients.Single().Path.Address.ShouldBe("bob@example.net");
        Should.Throw<IOException>(() => taken.Content.Read());
        bed.Disk.Files.Keys.ShouldContain(name => name.StartsWith("damaged/", StringComparison.Ordinal));
        bed.Log.Text.ShouldContain("Error: ");
    }

    private static MemoryFolder Damage(MemoryFolder disk, ProtectedMessage message)
    {
        var middle = message.Content.Span.Slice(message.Content.Length / 2, 20).ToArray();
        var file = disk.Files.Single(candidate => candidate.Value.Bytes.AsSpan().IndexOf(middle) >= 0).Key;
        disk.Corrupt(file, bytes =>
        {
            bytes[bytes.AsSpan().IndexOf(middle)] ^= 1;
            return bytes;
        });
        return disk;
    }
}
