using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>A message that ends in others: what was held and is encrypted now.</summary>
public sealed class SuccessorTests
{
    private static readonly string Large = "large " + new string('z', 9_000);

    [Fact]
    public async Task Successors_take_the_place_of_what_they_follow_and_large_ones_have_files_of_their_own()
    {
        await using var bed = new QueueBed(static options => options with { OwnFileBytes = 8_000 });
        await bed.Queue.AddAsync(Mail.Sealed("sealed", "bob@example.net", "carol@example.net"));
        var message = await bed.Queue.NextAsync();

        var ids = await bed.Queue.RecordAsync(message, Release(message, "small", Large), CancellationToken.None);

        bed.Disk.List().Count(static name => name.EndsWith(".message", StringComparison.Ordinal)).ShouldBe(1);
        bed.CutPower(new Random(1));
        var left = await bed.Queue.DrainAsync();
        left.Select(Mail.Text).ShouldBe(["small", Large]);
        left.Select(static successor => successor.Id).ShouldBe(ids);
    }

    [Fact]
    public async Task Those_who_still_wait_keep_the_sealed_message_while_the_others_get_theirs()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Sealed("sealed", "bob@example.net", "carol@example.net"));
        var message = await bed.Queue.NextAsync();
        var record = new AttemptRecord(
            [new(message.Envelope.Recipients[0], Mail.Delivered), new(message.Envelope.Recipients[1], Mail.Delayed)],
            bed.Time.GetUtcNow() + TimeSpan.FromMinutes(5), [Mail.Some("for bob")])
        {
            IsRefusable = true,
        };

        await bed.Queue.RecordAsync(message, record, CancellationToken.None);
        await bed.RestartAsync();

        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["for bob"]);
        var waiting = (await bed.Queue.ListAsync(new QueueFilter { State = QueueState.Waiting }, 10, CancellationToken.None)).ShouldHaveSingleItem();
        waiting.Protection.ShouldBe(Protection.Held);
        waiting.Recipients.Single().Recipient.Path.Address.ShouldBe("carol@example.net");
    }

    [Theory]
    [InlineData("small")]
    [InlineData("large")]
    public async Task What_finds_no_room_leaves_the_message_with_its_worker_who_may_put_it_off(string successor)
    {
        await using var bed = new QueueBed(static options => options with { OwnFileBytes = 8_000 });
        await bed.Queue.AddAsync(Mail.Sealed("sealed", "bob@example.net"));
        var message = await bed.Queue.NextAsync();
        bed.Disk.Trouble = static (_, call) => call == DiskCall.Read ? null : "No space left on device";

        var record = bed.Queue.RecordAsync(message, Release(message, successor == "large" ? Large : successor), CancellationToken.None).AsTask();
        await Should.ThrowAsync<IOException>(Eventually.EndsAsync(record));

        bed.Disk.Trouble = static (_, _) => null;
        bed.Disk.List().ShouldNotContain(static name => name.EndsWith(".message", StringComparison.Ordinal));
        await bed.Queue.DeferAsync(message, bed.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        bed.Queue.Summarize().ShouldSatisfyAllConditions(
            static summary => summary.Messages.ShouldBe(1),
            static summary => summary.Waiting.ShouldBe(1),
            static summary => summary.Active.ShouldBe(0));
        await bed.RestartAsync();
        bed.Time.Advance(TimeSpan.FromMinutes(1));
        (await bed.Queue.DrainAsync()).Select(static left => (left.Text(), left.Attempts)).ShouldBe([("sealed", 1)]);
    }

    [Fact]
    public async Task What_was_laid_down_of_a_release_that_finds_no_room_is_forgotten()
    {
        await using var bed = new QueueBed(static options => options with { OwnFileBytes = 8_000 });
        await bed.Queue.AddAsync(Mail.Sealed("sealed", "bob@example.net"));
        var message = await bed.Queue.NextAsync();
        var laid = await bed.Queue.LayDownAsync(Mail.Some("one"), CancellationToken.None);
        var record = Release(message) with { Successors = [laid, Mail.Some(Large), await bed.Queue.LayDownAsync(Mail.Some("two"), CancellationToken.None)] };
        bed.Disk.Trouble = static (_, call) => call == DiskCall.Read ? null : "No space left on device";

        await Should.ThrowAsync<IOException>(Eventually.EndsAsync(bed.Queue.RecordAsync(message, record, CancellationToken.None).AsTask()));

        bed.Disk.List().ShouldNotContain(static name => name.EndsWith(".message", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_release_that_fails_for_no_want_of_room_may_be_recorded_again_with_what_was_laid_down()
    {
        await using var bed = new QueueBed(static options => options with { OwnFileBytes = 8_000 });
        await bed.Queue.AddAsync(Mail.Sealed("sealed", "bob@example.net"));
        var message = await bed.Queue.NextAsync();
        var record = Release(message, Large) with { Successors = [await bed.Queue.LayDownAsync(Mail.Some("one"), CancellationToken.None), Mail.Some(Large)] };
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Eventually.EndsAsync(bed.Queue.RecordAsync(message, record, gone.Token).AsTask()));

        await bed.Queue.RecordAsync(message, record, CancellationToken.None);

        bed.CutPower(new Random(4));
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["one", Large]);
    }

    [Fact]
    public async Task A_release_is_not_written_before_an_attempt_that_waits_for_the_disk()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Sealed("sealed", "bob@example.net"));
        var first = await bed.Queue.NextAsync();
        bed.Disk.Trouble = static (_, call) => call == DiskCall.Read ? null : "I/O error";
        await Eventually.EndsAsync(bed.Queue.DeferAsync(first, bed.Time.GetUtcNow()));
        var second = await bed.Queue.NextAsync();
        second.Attempts.ShouldBe(1);

        var release = bed.Queue.RecordAsync(second, Release(second, "encrypted"), CancellationToken.None).AsTask();
        await Should.ThrowAsync<IOException>(Eventually.EndsAsync(release));

        bed.Disk.Trouble = static (_, _) => null;
        await Eventually.TrueAsync(() =>
        {
            bed.Time.Advance(TimeSpan.FromSeconds(1));
            return bed.Queue.HasRoomFor(1);
        });
        await bed.Queue.RecordAsync(second, Release(second, "encrypted"), CancellationToken.None);
        bed.Kill();
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["encrypted"]);
    }

    [Fact]
    public async Task Sealed_messages_are_seen_and_hurried_apart_from_others()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Sealed("for bob", "bob@example.net"));
        await bed.Queue.AddAsync(Mail.Sealed("for carol", "carol@example.net"));
        await bed.Queue.AddAsync(Mail.Some("plain"));
        for (var i = 0; i < 3; i++)
        {
            await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow() + TimeSpan.FromHours(1));
        }

        await bed.RestartAsync();
        bed.Queue.Summarize().ShouldSatisfyAllConditions(static summary => summary.Waiting.ShouldBe(2), static summary => summary.Deferred.ShouldBe(1));
        await bed.Queue.HoldAsync(new QueueFilter { Recipient = static path => path.LocalPart == "carol" }, CancellationToken.None);
        bed.Queue.Summarize().Waiting.ShouldBe(1);
        await bed.Queue.ReleaseAsync(new QueueFilter { State = QueueState.Held }, CancellationToken.None);

        var hurried = await bed.Queue.RetryAsync(
            new QueueFilter { State = QueueState.Waiting, Recipient = static path => path.LocalPart is "carol" or "alice" }, CancellationToken.None);

        var due = await bed.Queue.NextAsync();
        due.Text().ShouldBe("for carol");
        due.Protection.ShouldBe(Protection.Held);
        hurried.ShouldBe([due.Id]);
    }

    private static AttemptRecord Release(QueuedMessage message, params string[] successors) =>
        Mail.All(message, Mail.Delivered) with { Successors = [.. successors.Select(Mail.Some)], IsRefusable = true };
}
