using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Queueing;
using SmimeGateway.Tests.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

/// <summary>Certificates arrive while messages wait for them in a real queue, whose clock stands still: nothing is due by itself.</summary>
public sealed class HeldMailWatchTests : IAsyncDisposable
{
    private readonly QueueBed _queue = new(static options => options with { SegmentBytes = 4_000_000 });

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    [Fact]
    public async Task What_a_certificate_arrives_for_leaves_and_nothing_else_is_touched()
    {
        await using var bed = new HeldBed(_queue.Queue, _queue.Time);
        await SealAsync(bed, "bob@example.net");
        await SealAsync(bed, "carol@example.net", "dave@example.net");
        bed.Start();
        await Eventually.TrueAsync(() => _queue.Queue.Summarize().Waiting == 2 && bed.Opened.Count == 2);

        bed.Arrive("dave@example.net");

        await Eventually.TrueAsync(() => bed.Encrypted.Count() == 1);
        await Eventually.TrueAsync(() => _queue.Queue.Summarize() is { Messages: 2, Waiting: 2 });
        bed.Encrypted.Single().Envelope.Recipients.Single().Path.Address.ShouldBe("dave@example.net");
        bed.Opened.Count.ShouldBe(3, "bob's has not been tried again");
        var listed = await _queue.Queue.ListAsync(new QueueFilter { State = QueueState.Waiting }, 10, CancellationToken.None);
        listed.SelectMany(message => message.Recipients).Select(pending => (pending.Recipient.Path.Address, pending.LastStatus!.Status.ToString()))
            .ShouldBe([("bob@example.net", "4.7.5"), ("carol@example.net", "4.7.5")]);
    }

    [Fact]
    public async Task A_certificate_that_arrives_while_the_message_is_being_tried_without_it_is_not_missed()
    {
        await using var bed = new HeldBed(_queue.Queue, _queue.Time);
        bed.Rules = message =>
        {
            // Too late to be found, and the message is with its worker: nobody can wake it.
            bed.Rules = null;
            bed.Arrive("bob@example.net");
            return new Prepared([], [.. message.Envelope.Recipients.Select(recipient => new StillHeld(recipient, "not yet"))]);
        };
        await SealAsync(bed, "bob@example.net");

        bed.Start();

        await Eventually.TrueAsync(() => bed.Encrypted.Count() == 1);
        bed.Opened.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_sealed_message_of_an_earlier_run_is_released_as_well()
    {
        using var held = new SomeHeld();
        await using (var before = new HeldBed(_queue.Queue, _queue.Time, held))
        {
            await SealAsync(before, "bob@example.net");
            before.Start();
            await Eventually.TrueAsync(() => _queue.Queue.Summarize().Waiting == 1 && before.Opened.Count == 1);
        }

        await _queue.RestartAsync();
        await using var bed = new HeldBed(_queue.Queue, _queue.Time, held);
        bed.Start();
        bed.Arrive("bob@example.net");

        await Eventually.TrueAsync(() => bed.Encrypted.Count() == 1);
    }

    [Fact]
    public async Task Among_thousands_the_one_that_can_leave_is_found_and_each_address_is_asked_for_once()
    {
        const int count = 2_500;
        await _queue.Queue.EnqueueAsync(
            [.. Enumerable.Range(0, count).Select(number => Mail.Sealed($"{number}", $"user{number % 100}@example.net", $"last{number / (count - 1)}@example.net"))], CancellationToken.None);
        var asked = new List<string>();
        using var watch = new HeldMailWatch(_queue.Queue, (address, _) => Ask(address), NullLogger<HeldMailWatch>.Instance);
        for (var i = 0; i < count; i++)
        {
            await _queue.Queue.DeferAsync(await _queue.Queue.NextAsync(), _queue.Time.GetUtcNow().AddHours(1));
        }

        watch.Announce();

        var due = await _queue.Queue.NextAsync();
        due.Text().ShouldBe($"{count - 1}");
        asked.Count.ShouldBe(102);

        ValueTask<bool> Ask(string address)
        {
            asked.Add(address);
            return ValueTask.FromResult(address == "last1@example.net");
        }
    }

    [Fact]
    public async Task However_many_arrive_while_it_looks_it_looks_once_more()
    {
        await _queue.Queue.AddAsync(Mail.Sealed("sealed", "bob@example.net"));
        await _queue.Queue.DeferAsync(await _queue.Queue.NextAsync(), _queue.Time.GetUtcNow().AddHours(1));
        var looks = 0;
        using var mayAnswer = new SemaphoreSlim(0);
        using var watch = new HeldMailWatch(
            _queue.Queue,
            async (_, cancellationToken) =>
            {
                Interlocked.Increment(ref looks);
                await mayAnswer.WaitAsync(cancellationToken);
                return false;
            },
            NullLogger<HeldMailWatch>.Instance);
        watch.Announce();
        await Eventually.TrueAsync(() => Volatile.Read(ref looks) == 1);

        for (var i = 0; i < 100; i++)
        {
            watch.Announce();
        }

        mayAnswer.Release();
        await Eventually.TrueAsync(() => Volatile.Read(ref looks) == 2);
        mayAnswer.Release();
        watch.Arrivals.ShouldBe(101);

        // A look that begins now was asked for now.
        await Eventually.TrueAsync(() =>
        {
            watch.Announce();
            return Volatile.Read(ref looks) == 3;
        });
    }

    [Fact]
    public async Task A_look_that_breaks_does_not_prevent_the_next()
    {
        await _queue.Queue.AddAsync(Mail.Sealed("sealed", "bob@example.net"));
        await _queue.Queue.DeferAsync(await _queue.Queue.NextAsync(), _queue.Time.GetUtcNow().AddHours(1));
        var log = new CollectingLog<HeldMailWatch>();
        var asked = 0;
        using var watch = new HeldMailWatch(
            _queue.Queue, (_, _) => Interlocked.Increment(ref asked) == 1 ? throw new InvalidOperationException("a bug") : ValueTask.FromResult(true), log);

        watch.Announce();
        await Eventually.TrueAsync(() => !log.Lines.IsEmpty);
        watch.Announce();

        (await _queue.Queue.NextAsync()).Text().ShouldBe("sealed");
        log.Lines.TryPeek(out var line).ShouldBeTrue();
        line!.ShouldStartWith("Error Looking for messages that a new certificate releases met an unexpected error");
    }

    private async Task SealAsync(HeldBed bed, params string[] recipients) =>
        (await _queue.Queue.EnqueueAsync([bed.Held.Seal(SomeHeld.Message(recipients))], CancellationToken.None)).IsStored.ShouldBeTrue();
}
