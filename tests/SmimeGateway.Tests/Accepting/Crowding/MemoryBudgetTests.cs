using SmimeGateway.Accepting.Crowding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting.Crowding;

public sealed class MemoryBudgetTests
{
    private const long Capacity = 800_000_000;
    private const long Shared = 700_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryBudget _budget;

    public MemoryBudgetTests() => _budget = new MemoryBudget(Capacity, _time);

    [Fact]
    public async Task Messages_wait_their_turn_and_go_on_as_others_end()
    {
        var (first, second, third) = (new MemoryShare(), new MemoryShare(), new MemoryShare());
        (await Reserve(first, Shared)).ShouldBeTrue();
        var waitingSecond = Reserve(second, 400_000_000);
        var waitingThird = Reserve(third, 400_000_000);
        (waitingSecond.IsCompleted, waitingThird.IsCompleted, _budget.Waiting).ShouldBe((false, false, 2));

        _budget.Release(first);

        (await waitingSecond).ShouldBeTrue();
        waitingThird.IsCompleted.ShouldBeFalse();
        _budget.Release(second);
        (await waitingThird).ShouldBeTrue();
        _budget.Release(third);
        _budget.Used.ShouldBe(0);
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_so_and_does_not_block_those_behind()
    {
        var (first, big, fitting) = (new MemoryShare(), new MemoryShare(), new MemoryShare());
        await Reserve(first, Shared - 100_000_000);
        var waiting = Reserve(big, 200_000_000);
        _time.Advance(TimeSpan.FromSeconds(30));
        var behind = Reserve(fitting, 50_000_000);
        behind.IsCompleted.ShouldBeFalse("the order is kept");

        _time.Advance(TimeSpan.FromSeconds(30));

        (await waiting).ShouldBeFalse();
        (await behind).ShouldBeTrue();
        _budget.Release(big);
        _budget.Used.ShouldBe(Shared - 50_000_000);
    }

    [Fact]
    public async Task A_message_bigger_than_everything_runs_alone()
    {
        var (small, giant, after) = (new MemoryShare(), new MemoryShare(), new MemoryShare());
        await Reserve(small, 10_000_000);
        var waiting = Reserve(giant, 5 * Capacity);
        var behind = Reserve(after, 10_000_000);
        waiting.IsCompleted.ShouldBeFalse();

        _budget.Release(small);

        (await waiting).ShouldBeTrue();
        behind.IsCompleted.ShouldBeFalse();
        _budget.Release(giant);
        (await behind).ShouldBeTrue();
    }

    [Fact]
    public async Task Small_messages_never_stand_behind_big_ones()
    {
        var (first, second, small) = (new MemoryShare(), new MemoryShare(), new MemoryShare());
        await Reserve(first, Shared);
        _ = Reserve(second, Shared);

        var passes = Reserve(small, 72_000);

        passes.IsCompletedSuccessfully.ShouldBeTrue();
        _budget.Release(small);
        _budget.Used.ShouldBe(Shared);
    }

    [Fact]
    public async Task So_many_small_messages_that_their_part_is_spent_take_from_that_of_all()
    {
        var shares = Enumerable.Range(0, 150).Select(_ => new MemoryShare()).ToList();

        foreach (var share in shares)
        {
            (await Reserve(share, 1_000_000)).ShouldBeTrue();
        }

        _budget.Used.ShouldBe(150_000_000);
        shares.ForEach(_budget.Release);
        _budget.Used.ShouldBe(0);
    }

    [Fact]
    public async Task Of_messages_that_all_turn_out_too_big_one_goes_on_and_then_the_next()
    {
        var shares = Enumerable.Range(0, 7).Select(_ => new MemoryShare()).ToList();
        foreach (var share in shares)
        {
            await Reserve(share, 100_000_000);
        }

        var growing = shares.Select(share => _budget.GrowAsync(share, 100_000_000, Patience, CancellationToken.None).AsTask()).ToList();

        growing.Count(task => task.IsCompleted).ShouldBe(1);
        for (var i = 0; i < shares.Count; i++)
        {
            (await growing[i]).ShouldBeTrue();
            _budget.Release(shares[i]);
        }

        (_budget.Used, _budget.Waiting).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Messages_that_all_turn_out_bigger_again_and_again_end_one_after_the_other()
    {
        var shares = Enumerable.Range(0, 20).Select(_ => new MemoryShare()).ToList();
        foreach (var share in shares)
        {
            (await Reserve(share, Shared / 20)).ShouldBeTrue();
        }

        // Each grows in many small steps, as a message does that did not say its size; nobody gives anything back before its end.
        var ended = shares.Select(async share =>
        {
            for (var step = 0; step < 50; step++)
            {
                (await _budget.GrowAsync(share, Shared / 100, Timeout.InfiniteTimeSpan, CancellationToken.None)).ShouldBeTrue();
                await Task.Yield();
            }

            _budget.Release(share);
        });

        await Task.WhenAll(ended);

        (_budget.Used, _budget.Waiting).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_message_that_has_begun_goes_before_those_that_have_not()
    {
        var (first, second, waiting) = (new MemoryShare(), new MemoryShare(), new MemoryShare());
        await Reserve(first, Shared / 2);
        await Reserve(second, Shared / 2);
        var begins = Reserve(waiting, Shared / 2);
        var overdraws = _budget.GrowAsync(first, 10_000_000, Patience, CancellationToken.None).AsTask();
        var grows = _budget.GrowAsync(second, Shared / 2, Patience, CancellationToken.None).AsTask();

        (overdraws.IsCompleted, grows.IsCompleted, begins.IsCompleted).ShouldBe((true, false, false));
        _budget.Release(first);

        (await grows).ShouldBeTrue();
        begins.IsCompleted.ShouldBeFalse();
        _budget.Release(second);
        (await begins).ShouldBeTrue();
    }

    [Fact]
    public async Task A_message_that_has_not_begun_does_not_take_the_room_that_one_that_has_is_waiting_for()
    {
        var (overdrawing, growing, ending, waiting) = (new MemoryShare(), new MemoryShare(), new MemoryShare(), new MemoryShare());
        await Reserve(overdrawing, Shared / 5);
        await Reserve(growing, Shared / 5);
        await Reserve(ending, Shared / 5 * 3);
        (await _budget.GrowAsync(overdrawing, Shared / 5, Patience, CancellationToken.None)).ShouldBeTrue();
        var grows = _budget.GrowAsync(growing, Shared / 10 * 7, Patience, CancellationToken.None).AsTask();
        var begins = Reserve(waiting, Shared / 5);

        // There would be room for the one that has not begun now, and none for the other any more.
        _budget.Release(ending);
        (grows.IsCompleted, begins.IsCompleted).ShouldBe((false, false));

        _budget.Release(overdrawing);
        (await grows).ShouldBeTrue();
        begins.IsCompleted.ShouldBeFalse();
        _budget.Release(growing);
        (await begins).ShouldBeTrue();
    }

    [Fact]
    public async Task Many_at_a_time_leave_nothing_behind()
    {
        var budget = new MemoryBudget(10_000_000, TimeProvider.System);

        await Parallel.ForAsync(0, 2000, async (i, cancellationToken) =>
        {
            var share = new MemoryShare();
            (await budget.ReserveAsync(share, 1_000 * ((i * 37 % 9_000) + 1), Patience, cancellationToken)).ShouldBeTrue();
            if (i % 3 == 0)
            {
                (await budget.GrowAsync(share, 100_000, Patience, cancellationToken)).ShouldBeTrue();
            }

            await Task.Yield();
            budget.Release(share);
        });

        (budget.Used, budget.Waiting).ShouldBe((0, 0));
    }

    private Task<bool> Reserve(MemoryShare share, long octets) => _budget.ReserveAsync(share, octets, Patience, CancellationToken.None).AsTask();
}
