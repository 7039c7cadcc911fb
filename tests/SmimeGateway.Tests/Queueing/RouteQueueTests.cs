using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>Messages wait behind their routes, and behind nobody else's.</summary>
public sealed class RouteQueueTests : IAsyncDisposable
{
    private readonly QueueBed _bed = new();
    private IReadOnlyList<IRouteQueue> _routes = [];

    public RouteQueueTests() => Divide();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact]
    public async Task Recipients_of_one_message_wait_each_behind_their_route_and_none_for_another()
    {
        await _bed.Queue.AddAsync(Mail.To("x", "a@one.example", "b@two.example", "c@one.example"));

        var one = await TakeAsync(0);
        AddressesOf(one).ShouldBe(["a@one.example", "c@one.example"]);
        await RecordAsync(one, Mail.Delivered);
        _bed.Queue.Summarize().ShouldBe(_bed.Queue.Summarize() with { Messages = 1, Recipients = 1, Active = 0 });
        var two = await TakeAsync(1);
        AddressesOf(two).ShouldBe(["b@two.example"]);
        await RecordAsync(two, Mail.Delayed, TimeSpan.FromMinutes(5));

        await RestartAsync();
        _bed.Time.Advance(TimeSpan.FromMinutes(6));
        AddressesOf(await TakeAsync(1)).ShouldBe(["b@two.example"]);
        _routes[0].Look().Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_thousand_recipients_go_in_transactions_of_a_hundred_and_each_result_is_kept_as_it_comes()
    {
        string[] all = [.. Enumerable.Range(0, 1000).Select(number => $"r{number}@{(number % 3 == 0 ? "one" : "two")}.example")];
        await _bed.Queue.AddAsync(Mail.To("x", all));

        _routes[0].Look().Waiting.ShouldBe(4);
        _routes[1].Look().Waiting.ShouldBe(7);
        List<string> delivered = [];
        foreach (var route in new[] { 0, 1, 1, 0, 1 })
        {
            var taken = await TakeAsync(route);
            taken.Envelope.Recipients.Count.ShouldBeLessThanOrEqualTo(100);
            delivered.AddRange(AddressesOf(taken));
            await RecordAsync(taken, Mail.Delivered);
        }

        await TakeAsync(1);
        await TakeAsync(0);
        await RestartAsync(static disk => disk.AfterKill());
        List<string> rest = [];
        await Eventually.TrueAsync(() => _routes.Sum(route => route.Look().Waiting) == 6);
        for (var i = 0; i < 6; i++)
        {
            var taken = await TakeAsync(_routes[0].Look().Waiting > 0 ? 0 : 1);
            rest.AddRange(AddressesOf(taken));
            await RecordAsync(taken, Mail.Delivered);
        }

        delivered.Concat(rest).Order().ShouldBe(all.Order());
        _bed.Queue.Summarize().Messages.ShouldBe(0);
    }

    [Fact]
    public async Task A_route_without_transactions_has_all_recipients_together()
    {
        _routes = _bed.Queue.Divide(new QueueDivision([new QueueRouteTerms(TimeSpan.Zero, int.MaxValue)], _ => 0, wait => wait.Age >= TimeSpan.FromDays(1)));

        await _bed.Queue.AddAsync(Mail.To("x", [.. Enumerable.Range(0, 350).Select(number => $"r{number}@one.example")]));

        (await TakeAsync(0)).Envelope.Recipients.Count.ShouldBe(350);
    }

    [Fact]
    public async Task What_one_route_heard_stays_known_when_another_is_recorded()
    {
        await _bed.Queue.AddAsync(Mail.To("x", "a@one.example", "b@two.example"));
        await RecordAsync(await TakeAsync(0), Mail.Delayed, TimeSpan.FromMinutes(1));
        await RecordAsync(await TakeAsync(1), Mail.Delayed with { Diagnostic = "451 later" }, TimeSpan.FromHours(1));

        var listing = (await _bed.Queue.ListAsync(new QueueFilter(), 10, CancellationToken.None)).Single();

        listing.Recipients.Select(recipient => recipient.LastStatus?.Diagnostic).ShouldBe([Mail.Delayed.Diagnostic, "451 later"]);
        listing.NextAttempt.ShouldBe(_bed.Time.GetUtcNow().AddMinutes(1));
    }

    [Fact]
    public async Task A_route_that_rests_costs_neither_a_read_nor_a_record_nor_a_line_however_much_waits_and_however_long()
    {
        for (var i = 0; i < 2000; i++)
        {
            await _bed.Queue.AddAsync(Mail.To($"{i}", "a@one.example"));
        }

        using var ending = new CancellationTokenSource();
        _routes[0].Rest();
        var waiting = _routes[0].TakeAsync(ending.Token).AsTask();
        var lines = _bed.Log.Text;
        var calls = CountDiskCalls();
        _bed.Time.Advance(TimeSpan.FromHours(3));

        waiting.IsCompleted.ShouldBeFalse();
        calls().ShouldBe(0);
        _bed.Log.Text.ShouldBe(lines);
        _routes[0].Look().ShouldBe(new RouteQueueFigures(2000, IsResting: true, null));
        await ending.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    [Fact]
    public async Task While_a_route_rests_only_what_a_sender_must_hear_of_comes_out()
    {
        var old = await _bed.Queue.AddAsync(Mail.To("old", "a@one.example"));
        _bed.Time.Advance(TimeSpan.FromHours(1));
        await _bed.Queue.AddAsync(Mail.To("young", "a@one.example"));
        _routes[0].Rest();
        var taking = _routes[0].TakeAsync(CancellationToken.None).AsTask();
        _bed.Time.Advance(TimeSpan.FromHours(2.5));
        taking.IsCompleted.ShouldBeFalse();

        _bed.Time.Advance(TimeSpan.FromHours(0.6));

        var taken = await Eventually.EndsAsync(taking);
        (taken.Id, taken.IsOverdue, taken.Waited).ShouldBe((old, true, TimeSpan.FromHours(4.1)));
        await RecordAsync(taken, Mail.Delayed, TimeSpan.FromMinutes(1), isDelayReported: true);
        var next = _routes[0].TakeAsync(CancellationToken.None).AsTask();
        _bed.Time.Advance(TimeSpan.FromMinutes(30));
        next.IsCompleted.ShouldBeFalse("its sender knows");
        _bed.Time.Advance(TimeSpan.FromMinutes(30));
        (await Eventually.EndsAsync(next)).Text().ShouldBe("young");
    }

    [Fact]
    public async Task After_a_restart_old_mail_of_a_route_that_rests_comes_out_once_it_has_waited_long_enough_for_its_sender_to_hear_and_not_before()
    {
        await _bed.Queue.AddAsync(Mail.To("old", "a@one.example"));
        _bed.Time.Advance(TimeSpan.FromHours(30));
        await RestartAsync();
        _routes[0].Rest();
        await Eventually.TrueAsync(() => _routes[0].Look().Waiting == 1);
        var taking = _routes[0].TakeAsync(CancellationToken.None).AsTask();
        var calls = CountDiskCalls();

        // As long as the attempts would have taken that are made before a sender is warned.
        _bed.Time.Advance(TimeSpan.FromMinutes(41));
        taking.IsCompleted.ShouldBeFalse();
        calls().ShouldBe(0);
        _bed.Time.Advance(TimeSpan.FromMinutes(2));

        (await Eventually.EndsAsync(taking)).IsOverdue.ShouldBeTrue();
    }

    [Fact]
    public async Task A_route_that_goes_on_hands_out_all_and_one_that_is_asked_hands_out_one()
    {
        foreach (var text in new[] { "1", "2", "3" })
        {
            await _bed.Queue.AddAsync(Mail.To(text, "a@one.example"));
        }

        _routes[0].Rest();
        Task<QueuedMessage>[] takers = [.. Enumerable.Range(0, 3).Select(_ => _routes[0].TakeAsync(CancellationToken.None).AsTask())];

        _routes[0].AdmitOne();
        (await Eventually.EndsAsync(takers[0])).Text().ShouldBe("1");
        takers[1].IsCompleted.ShouldBeFalse();
        _routes[0].GoOn();
        (await Eventually.EndsAsync(takers[1])).Text().ShouldBe("2");
        (await Eventually.EndsAsync(takers[2])).Text().ShouldBe("3");
    }

    [Fact]
    public async Task A_message_that_was_not_tried_is_the_next_again_and_nothing_is_recorded_of_it()
    {
        await _bed.Queue.AddAsync(Mail.To("1", "a@one.example"));
        await _bed.Queue.AddAsync(Mail.To("2", "a@one.example"));
        var calls = CountDiskCalls();

        _bed.Queue.PutBack(await TakeAsync(0));

        calls().ShouldBe(0);
        var again = await TakeAsync(0);
        (again.Text(), again.Attempts).ShouldBe(("1", 0));
    }

    [Fact]
    public async Task A_slow_route_hands_out_no_faster_than_it_is_told_to()
    {
        Divide(TimeSpan.FromSeconds(6));
        for (var i = 0; i < 11; i++)
        {
            await _bed.Queue.AddAsync(Mail.To($"{i}", "a@one.example"));
        }

        Task<QueuedMessage>[] takers = [.. Enumerable.Range(0, 11).Select(_ => _routes[0].TakeAsync(CancellationToken.None).AsTask())];
        for (var taken = 1; taken <= 11; taken++)
        {
            await Eventually.EndsAsync(takers[taken - 1]);
            takers.Count(taker => taker.IsCompleted).ShouldBe(taken);
            _bed.Time.Advance(TimeSpan.FromSeconds(5.5));
            takers.Count(taker => taker.IsCompleted).ShouldBe(taken);
            _bed.Time.Advance(TimeSpan.FromSeconds(0.6));
        }
    }

    [Fact]
    public async Task Other_routes_get_what_waits_whatever_it_was_doing_when_they_came()
    {
        await _bed.Queue.AddAsync(Mail.To("taken", "a@one.example"));
        await _bed.Queue.AddAsync(Mail.To("deferred", "a@one.example"));
        var held = await _bed.Queue.AddAsync(Mail.To("held", "a@one.example"));
        await _bed.Queue.AddAsync(Mail.To("fresh", "a@one.example"));
        var taken = await TakeAsync(0);
        await RecordAsync(await TakeAsync(0), Mail.Delayed, TimeSpan.FromMinutes(10));
        await _bed.Queue.HoldAsync(new QueueFilter { Ids = [held] }, CancellationToken.None);
        var former = _routes[0].TakeAsync(CancellationToken.None).AsTask();
        (await Eventually.EndsAsync(former)).Text().ShouldBe("fresh");
        _bed.Queue.PutBack(await former);
        _routes[0].Rest();
        var late = _routes[0].TakeAsync(CancellationToken.None).AsTask();

        // One and two change places.
        Divide(swapped: true);

        await Should.ThrowAsync<ObjectDisposedException>(Eventually.EndsAsync(late));
        (await TakeAsync(1)).Text().ShouldBe("fresh");
        await RecordAsync(taken, Mail.Delayed, TimeSpan.FromMinutes(1));
        _bed.Time.Advance(TimeSpan.FromMinutes(2));
        (await TakeAsync(1)).Text().ShouldBe("taken");
        await _bed.Queue.ReleaseAsync(new QueueFilter { Ids = [held] }, CancellationToken.None);
        (await TakeAsync(1)).Text().ShouldBe("held");
        _bed.Time.Advance(TimeSpan.FromMinutes(9));
        (await TakeAsync(1)).Text().ShouldBe("deferred");
    }

    [Fact]
    public async Task Sealed_mail_waits_whole_behind_no_route()
    {
        await _bed.Queue.AddAsync(Mail.Sealed("x", "a@one.example", "b@two.example"));
        await RestartAsync();

        AddressesOf(await TakeAsync(2)).ShouldBe(["a@one.example", "b@two.example"]);
    }

    [Fact]
    public async Task Mail_that_is_due_while_every_worker_is_busy_is_told_of_and_no_other()
    {
        TimeSpan? Busy() => _routes[0].Look().BusyFor;
        await _bed.Queue.AddAsync(Mail.To("1", "a@one.example"));
        await _bed.Queue.AddAsync(Mail.To("2", "a@one.example"));
        var first = await TakeAsync(0);
        _bed.Time.Advance(TimeSpan.FromSeconds(90));

        Busy().ShouldBe(TimeSpan.FromSeconds(90));
        var second = await TakeAsync(0);
        Busy().ShouldBeNull("nothing is due");
        await RecordAsync(first, Mail.Delivered);
        await RecordAsync(second, Mail.Delivered);
        using var ending = new CancellationTokenSource();
        var free = _routes[0].TakeAsync(ending.Token).AsTask();
        Busy().ShouldBeNull("somebody is free");
        await ending.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(free);
    }

    private Func<int> CountDiskCalls()
    {
        var calls = 0;
        _bed.Disk.Trouble = (_, _) =>
        {
            Interlocked.Increment(ref calls);
            return null;
        };
        return () => Volatile.Read(ref calls);
    }

    private static IEnumerable<string> AddressesOf(QueuedMessage message) => message.Envelope.Recipients.Select(recipient => recipient.Path.Address);

    private void Divide(TimeSpan interval = default, bool swapped = false) => _routes = _bed.Queue.Divide(new QueueDivision(
        [new QueueRouteTerms(interval, 100), new QueueRouteTerms(TimeSpan.Zero, 100)],
        path => path.Address.EndsWith("@one.example", StringComparison.Ordinal) == swapped ? 1 : 0,
        wait => new RetrySchedule(new QueueOptions()).MustTell(wait)));

    private async Task RestartAsync(Func<MemoryFolder, MemoryFolder>? change = null)
    {
        await _bed.RestartAsync(change ?? (static disk => disk.AfterKill()));
        Divide();
    }

    private Task<QueuedMessage> TakeAsync(int route) => Eventually.EndsAsync(_routes[route].TakeAsync(CancellationToken.None).AsTask());

    private async Task RecordAsync(QueuedMessage message, DeliveryStatus status, TimeSpan pause = default, bool isDelayReported = false) =>
        await _bed.Queue.RecordAsync(
            message,
            Mail.All(message, status) with { NextAttempt = _bed.Time.GetUtcNow() + pause, IsDelayReported = isDelayReported },
            CancellationToken.None);
}
