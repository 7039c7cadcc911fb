using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Protecting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

/// <summary>Opening a sealed message takes memory of that which all messages share, and gives it back however it ends.</summary>
public sealed class ReleaseMemoryTests : IDisposable
{
    private readonly SomeHeld _held = new();
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryBudget _memory;

    public ReleaseMemoryTests() => _memory = new MemoryBudget(10_000_000, _time);

    public void Dispose() => _held.Dispose();

    [Theory]
    [InlineData("released")]
    [InlineData("still held")]
    [InlineData("broken")]
    [InlineData("sealed with another key")]
    [InlineData("more than there is")]
    public async Task However_a_release_ends_it_keeps_no_memory(string end)
    {
        using var other = new SomeHeld();
        long used = 0;
        using var release = new HeldRelease(
            () => end == "sealed with another key" ? other.Key : _held.Key,
            async (message, cancellationToken) =>
            {
                used = _memory.Used;
                switch (end)
                {
                    case "broken":
                        throw new InvalidOperationException("broken");
                    case "more than there is":
                        (await message.EnsureMemory!(8_000_000, cancellationToken)).ShouldBeTrue();
                        used = _memory.Used;
                        break;
                    default:
                        break;
                }

                return end == "still held"
                    ? new Prepared([], [.. message.Envelope.Recipients.Select(recipient => new StillHeld(recipient, "not yet"))])
                    : new Prepared([HeldBed.Ready(message, Protection.Encrypted, message.Envelope.Recipients)], []);
            },
            _time,
            new CollectingLog<HeldRelease>())
        {
            Memory = _memory,
        };
        var queued = _held.Queued("bob@example.net");

        var trying = release.TryAsync(queued, CancellationToken.None).AsTask();
        await Eventually.EndsAsync(end == "broken" ? Should.ThrowAsync<InvalidOperationException>(trying) : (Task)trying);

        used.ShouldBe(end switch
        {
            "sealed with another key" => 0,
            "more than there is" => queued.Content.Length + 8_000_000,
            _ => (MemoryBudget.CostPerOctet + 1) * queued.Content.Length,
        });
        (_memory.Used, _memory.Waiting).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_wait_for_memory_that_is_broken_off_is_no_result()
    {
        var share = new MemoryShare();
        (await _memory.ReserveAsync(share, 8_000_000, TimeSpan.FromSeconds(1), CancellationToken.None)).ShouldBeTrue();
        using var abort = new CancellationTokenSource();
        using var release = new HeldRelease(
            () => _held.Key, (_, _) => throw new InvalidOperationException("not opened"), _time, new CollectingLog<HeldRelease>())
        { Memory = _memory };

        var trying = release.TryAsync(_held.Queued("bob@example.net") with { Content = new byte[500_000] }, abort.Token).AsTask();
        await abort.CancelAsync();

        await Eventually.EndsAsync(Should.ThrowAsync<OperationCanceledException>(trying));
        _memory.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Without_memory_it_stays_sealed_and_says_so_and_the_next_attempt_finds_its_place()
    {
        var share = new MemoryShare();
        (await _memory.ReserveAsync(share, 8_000_000, TimeSpan.FromSeconds(1), CancellationToken.None)).ShouldBeTrue();
        using var release = new HeldRelease(
            () => _held.Key, (_, _) => throw new InvalidOperationException("not opened"), _time, new CollectingLog<HeldRelease>())
        {
            Memory = _memory,
        };
        var message = _held.Queued("bob@example.net");
        var big = message with { Content = new byte[500_000] };

        // More attempts than there are places for them: each gives its place back.
        for (var i = 0; i < 3; i++)
        {
            var trying = release.TryAsync(big, CancellationToken.None).AsTask();
            await _time.AdvanceUntilAsync(trying, TimeSpan.FromSeconds(10));
            (await trying).Results.Single().Status.Diagnostic.ShouldBe("Held: there was no memory to open it.");
        }

        _memory.Waiting.ShouldBe(0);
    }
}
