using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying;

/// <summary>Hosts that are down, come back, hang, or lose what they began.</summary>
public sealed class OutageTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly SomeRouteQueue _queue = new();

    [Fact]
    public async Task A_route_whose_host_is_down_rests_and_asks_once_per_cooldown_until_the_host_is_back()
    {
        await using var nextHop = ScriptedNextHop.Start("GREETING", ScriptedReply.SayAndDrop("421 4.3.2 Not now"));
        await using var delivery = Open([nextHop.EndPoint]);
        _queue.Others = 50_000;
        delivery.Serve(_queue);

        (await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed)).IsUntried.ShouldBeTrue();

        _queue.IsResting.ShouldBeTrue();
        for (var probe = 2; probe < 5; probe++)
        {
            var before = _time.GetUtcNow();
            await AdvanceUntilAsync(() => nextHop.Connections == probe && nextHop.OpenConnections == 0);
            (_time.GetUtcNow() - before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
            _queue.IsResting.ShouldBeTrue();
        }

        nextHop.Script = (_, _) => null;
        await AdvanceUntilAsync(() => !_queue.IsResting);

        nextHop.Connections.ShouldBe(5, "the probe that found it back is kept for the first message");
        await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delivered);
        nextHop.Connections.ShouldBe(5);
        _queue.Admitted.ShouldBe(0);
    }

    [Fact]
    public async Task With_nothing_to_deliver_nobody_is_asked_and_the_message_that_comes_next_finds_out()
    {
        await using var nextHop = ScriptedNextHop.Start("GREETING", ScriptedReply.SayAndDrop("421 4.3.2 Not now"));
        await using var delivery = Open([nextHop.EndPoint]);
        delivery.Serve(_queue);
        await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed);

        await AdvanceUntilAsync(() => !_queue.IsResting);

        nextHop.Connections.ShouldBe(1);
        await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed);
        _queue.IsResting.ShouldBeTrue();
    }

    [Fact]
    public async Task A_route_that_is_replaced_asks_no_more()
    {
        await using var nextHop = ScriptedNextHop.Start("GREETING", ScriptedReply.SayAndDrop("421 4.3.2 Not now"));
        var delivery = Open([nextHop.EndPoint]);
        _queue.Others = 1;
        delivery.Serve(_queue);
        await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed);

        await delivery.DisposeAsync();
        _time.Advance(TimeSpan.FromHours(1));

        nextHop.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_says_421_to_each_mail_is_left_alone_after_a_few_and_then_asked_with_one_message_at_a_time()
    {
        await using var nextHop = ScriptedNextHop.Start("MAIL", ScriptedReply.SayAndDrop("421 4.3.2 Too much of you"));
        await using var delivery = Open([nextHop.EndPoint]);
        _queue.Others = 100;
        delivery.Serve(_queue);
        for (var i = 0; i < 100; i++)
        {
            var attempt = await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed);
            attempt.IsUntried.ShouldBe(i >= 5, "what a server has hung up on was tried, as it may be the message");
        }

        nextHop.Connections.ShouldBe(5);
        _queue.IsResting.ShouldBeTrue();
        await AdvanceUntilAsync(() => _queue.Admitted == 1);
        nextHop.Connections.ShouldBe(6);
        _queue.IsResting.ShouldBeTrue();
        var asked = await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed);

        asked.Statuses[0].Diagnostic.ShouldContain("421 4.3.2");
        nextHop.Connections.ShouldBe(6, "it went over the session that was opened to ask");

        // The next question comes a pause after that, and no further pass of the clock is needed: the pause of the host is over, too.
        _time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.TrueAsync(() => _queue.Admitted == 2);
    }

    [Theory]
    [InlineData("MAIL", null, DeliveryAction.Delivered)]
    [InlineData("RCPT", "550 5.1.1 No such user", DeliveryAction.Failed)]
    [InlineData("DOT", "451 4.3.0 Later", DeliveryAction.Delayed)]
    public async Task The_verdict_on_the_message_that_asks_ends_the_rest_whatever_it_is(string verb, string? verdict, DeliveryAction action)
    {
        await using var nextHop = ScriptedNextHop.Start("MAIL", ScriptedReply.SayAndDrop("421 4.3.2 Too much of you"));
        await using var delivery = Open([nextHop.EndPoint]);
        _queue.Others = 100;
        delivery.Serve(_queue);
        while (!_queue.IsResting)
        {
            await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed);
        }

        await AdvanceUntilAsync(() => _queue.Admitted == 1);
        nextHop.Script = (asked, _) => asked == verb && verdict is not null ? ScriptedReply.Say(verdict) : null;
        await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), action);

        _queue.IsResting.ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_allows_so_many_connections_and_no_more_is_at_work_and_not_out_of_reach()
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb == "GREETING" && nextHop.OpenConnections > 2 ? ScriptedReply.SayAndDrop("421 4.7.0 Too many connections") : null;
        await using var delivery = Open([nextHop.EndPoint], connections: 5);
        delivery.Serve(_queue);
        await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delivered);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 100),
            new ParallelOptions { MaxDegreeOfParallelism = delivery.Width },
            async (_, _) => await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delivered));

        _queue.IsResting.ShouldBeFalse();
        nextHop.Messages.Count.ShouldBe(101);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(2)]
    public async Task Who_waits_for_a_connection_asks_again_when_one_is_free_and_not_all_the_time(int connectionsPerHost)
    {
        var mails = 0;
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb switch
        {
            "MAIL" when Interlocked.Increment(ref mails) <= 2 => ScriptedReply.Hang,
            "GREETING" when nextHop.OpenConnections > 2 => ScriptedReply.SayAndDrop("421 4.7.0 Too many connections"),
            _ => null,
        };
        var time = new AskedTime();
        var options = new NextHopOptions([nextHop.EndPoint], 10) { ConnectionsPerHost = connectionsPerHost };
        await using var delivery = new SmtpDelivery(
            options, new SmtpClientOptions("gateway.example.com"), new SmtpDeliveryParts(), time, NullLogger<SmtpDelivery>.Instance);
        using var ending = new CancellationTokenSource();
        Task[] stuck = [.. Enumerable.Range(0, 2).Select(_ => delivery.DeliverAsync(SomeQueued.To("bob@example.net"), ending.Token).AsTask())];
        await Eventually.TrueAsync(() => Volatile.Read(ref mails) == 2);

        Task[] waiting = [.. Enumerable.Range(0, 4).Select(_ => delivery.DeliverAsync(SomeQueued.To("bob@example.net"), default).AsTask())];
        await using (var other = ScriptedNextHop.Start())
        {
            await using var beside = Open([other.EndPoint]);
            for (var i = 0; i < 200; i++)
            {
                await DeliverAsync(beside, SomeQueued.To("bob@example.net"), DeliveryAction.Delivered);
            }
        }

        var asked = time.Asked;
        waiting.ShouldAllBe(task => !task.IsCompleted);
        await ending.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Eventually.EndsAsync(Task.WhenAll(stuck)));
        await Eventually.EndsAsync(Task.WhenAll(waiting));
        asked.ShouldBeLessThan(200);
    }

    [Fact]
    public async Task Who_waits_for_a_connection_that_fails_to_open_does_not_wait_on()
    {
        using var mayAnswer = new SemaphoreSlim(0);
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) =>
        {
            if (verb == "GREETING")
            {
                mayAnswer.Wait(TimeSpan.FromSeconds(30));
                return ScriptedReply.SayAndDrop("421 4.3.2 Not now");
            }

            return null;
        };
        await using var delivery = Open([nextHop.EndPoint], connections: 1);
        delivery.Serve(_queue);
        var opening = DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed);
        await Eventually.TrueAsync(() => nextHop.Connections == 1);
        var waiting = DeliverAsync(delivery, SomeQueued.To("carol@example.net"), DeliveryAction.Delayed);

        mayAnswer.Release(100);

        (await opening).IsUntried.ShouldBeTrue();
        (await waiting).IsUntried.ShouldBeTrue();
    }

    [Fact]
    public async Task A_message_that_one_host_hung_up_on_while_the_others_are_down_was_tried_and_the_route_does_not_rest()
    {
        await using var first = ScriptedNextHop.Start("MAIL", ScriptedReply.Drop);
        await using var delivery = Open([first.EndPoint, new DnsEndPoint("127.0.0.1", Loopback.FreePort())]);
        delivery.Serve(_queue);

        (await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed)).IsUntried.ShouldBeFalse();

        _queue.IsResting.ShouldBeFalse();
    }

    [Fact]
    public async Task A_host_that_never_greets_holds_a_message_for_seconds_while_there_is_another()
    {
        await using var silent = ScriptedNextHop.Start("GREETING", ScriptedReply.Hang);
        await using var sound = ScriptedNextHop.Start();
        await using var delivery = Open([silent.EndPoint, sound.EndPoint]);
        var message = SomeQueued.To("bob@example.net");
        var began = _time.GetUtcNow();

        var delivering = delivery.DeliverAsync(message, default).AsTask();
        await Eventually.TrueAsync(() => silent.Connections == 1);
        await _time.AdvanceUntilAsync(delivering, TimeSpan.FromSeconds(1));

        (await delivering).Statuses[0].Action.ShouldBe(DeliveryAction.Delivered);
        (_time.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 20; i++)
        {
            await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delivered);
        }

        silent.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_host_that_drops_packets_costs_one_connection_in_half_a_minute_and_nobody_else_waits()
    {
        using var hole = BlackHole.Open();
        await using var sound = ScriptedNextHop.Start();
        await using var delivery = Open([hole.EndPoint, sound.EndPoint], connections: 5);
        await AdvanceUntilDeliveredAsync(delivery);

        for (var probe = 0; probe < 3; probe++)
        {
            _time.Advance(TimeSpan.FromSeconds(31));
            var message = SomeQueued.To("bob@example.net");
            var probing = delivery.DeliverAsync(message, default).AsTask();
            for (var i = 0; i < 20; i++)
            {
                await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delivered);
            }

            probing.IsCompleted.ShouldBeFalse("it asks the first host, on behalf of all");
            await _time.AdvanceUntilAsync(probing, TimeSpan.FromSeconds(1));
            (await probing).Statuses[0].Action.ShouldBe(DeliveryAction.Delivered);
        }
    }

    [Fact]
    public async Task What_is_more_than_one_host_may_have_goes_to_the_next()
    {
        await using var first = ScriptedNextHop.Start();
        await using var second = ScriptedNextHop.Start();
        await using var delivery = Open([first.EndPoint, second.EndPoint], connections: 6, connectionsPerHost: 2);

        var attempts = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => DeliverAnywayAsync(delivery)));

        first.MostOpenConnections.ShouldBe(2);
        second.MostOpenConnections.ShouldBeInRange(1, 2);
        attempts.ShouldAllBe(attempt => attempt.Statuses[0].Action == DeliveryAction.Delivered, "who comes too many waits for a place");
        delivery.Look(["*"]).NextHops.Sum(status => status.Deliveries).ShouldBe(first.Messages.Count + second.Messages.Count);
    }

    [Fact]
    public async Task Who_waits_for_a_connection_of_a_route_that_is_replaced_is_let_go_untried()
    {
        var mails = 0;
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb == "MAIL" && Interlocked.Increment(ref mails) == 1 ? ScriptedReply.Hang : null;
        var delivery = Open([nextHop.EndPoint], connections: 10, connectionsPerHost: 1);
        using var ending = new CancellationTokenSource();
        var stuck = delivery.DeliverAsync(SomeQueued.To("bob@example.net"), ending.Token).AsTask();
        await Eventually.TrueAsync(() => Volatile.Read(ref mails) == 1);
        Task<DeliveryAttempt>[] waiting = [.. Enumerable.Range(0, 4).Select(_ => delivery.DeliverAsync(SomeQueued.To("bob@example.net"), default).AsTask())];

        await Eventually.EndsAsync(delivery.DisposeAsync().AsTask());

        (await Eventually.EndsAsync(Task.WhenAll(waiting))).ShouldAllBe(attempt => attempt.IsUntried);
        stuck.IsCompleted.ShouldBeFalse("what a server has in its hands goes on");
        await ending.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Eventually.EndsAsync(stuck));
    }

    /// <summary>Counts how often somebody asks what time it is.</summary>
    private sealed class AskedTime : TimeProvider
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Increment(ref _asked);
            return base.GetUtcNow();
        }
    }

    // Slow enough for a connection to be made within a few of its seconds.
    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        var steps = 0;
        await Eventually.TrueAsync(() =>
        {
            if (!condition() && steps++ % 4 == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            return condition();
        });
    }

    private static async Task<DeliveryAttempt> DeliverAnywayAsync(SmtpDelivery delivery)
    {
        var message = SomeQueued.To("bob@example.net");
        return await Eventually.EndsAsync(delivery.DeliverAsync(message, default).AsTask());
    }

    private static async Task<DeliveryAttempt> DeliverAsync(SmtpDelivery delivery, QueuedMessage message, DeliveryAction action)
    {
        var attempt = await Eventually.EndsAsync(delivery.DeliverAsync(message, default).AsTask());
        attempt.Statuses.Single().Action.ShouldBe(action, attempt.Statuses[0].Diagnostic);
        return attempt;
    }

    private async Task AdvanceUntilDeliveredAsync(SmtpDelivery delivery)
    {
        var message = SomeQueued.To("bob@example.net");
        var delivering = delivery.DeliverAsync(message, default).AsTask();
        await _time.AdvanceUntilAsync(delivering, TimeSpan.FromSeconds(1));
        (await delivering).Statuses[0].Action.ShouldBe(DeliveryAction.Delivered);
    }

    private SmtpDelivery Open(IReadOnlyList<DnsEndPoint> hosts, int connections = 20, int connectionsPerHost = int.MaxValue) => new(
        new NextHopOptions(hosts, connections) { ConnectionsPerHost = connectionsPerHost },
        new SmtpClientOptions("gateway.example.com"),
        new SmtpDeliveryParts(),
        _time,
        NullLogger<SmtpDelivery>.Instance);

    [Fact]
    public async Task Trouble_that_stays_the_same_is_told_once_and_again_when_it_is_another_or_came_back()
    {
        var log = new CollectingLogger<SmtpDelivery>(LogLevel.Information);
        await using var nextHop = ScriptedNextHop.Start("GREETING", ScriptedReply.SayAndDrop("421 4.3.2 Not now"));
        await using var delivery = new SmtpDelivery(
            new NextHopOptions([nextHop.EndPoint], 1), new SmtpClientOptions("gateway.example.com"), _time, log);
        _queue.Others = 1;
        delivery.Serve(_queue);

        await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delayed);
        await AdvanceUntilAsync(() => nextHop.Connections == 4);
        Told().ShouldBe(1);

        nextHop.Script = (verb, _) => verb == "GREETING" ? ScriptedReply.SayAndDrop("421 4.3.2 Another trouble") : null;
        await AdvanceUntilAsync(() => nextHop.Connections == 6);
        await Eventually.TrueAsync(() => Told() == 2);

        nextHop.Script = (_, _) => null;
        await AdvanceUntilAsync(() => !_queue.IsResting);
        await DeliverAsync(delivery, SomeQueued.To("bob@example.net"), DeliveryAction.Delivered);
        Told().ShouldBe(2);

        int Told() => log.Lines.Count(line => line.Contains(" is left alone for ", StringComparison.Ordinal));
    }
}
