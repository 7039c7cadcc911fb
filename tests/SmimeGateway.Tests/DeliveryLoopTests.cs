using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Reporting;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests;

public sealed class DeliveryLoopTests : IAsyncDisposable
{
    private readonly RememberingQueue _queue = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedNextHop _nextHop = ScriptedNextHop.Start();
    private RouteTable? _routes;
    private DeliveryLoop? _loop;

    public async ValueTask DisposeAsync()
    {
        if (_loop is not null)
        {
            await StopAsync();
            _loop.Dispose();
            await _routes!.DisposeAsync();
        }

        await _nextHop.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Fact]
    public async Task A_message_that_is_due_is_delivered_and_recorded()
    {
        _queue.Add(SomeQueued.To("bob@example.net", "carol@example.net"));

        await RunUntilEmptyAsync();

        var (_, attempt) = _queue.Records.ShouldHaveSingleItem();
        attempt.Recipients.Select(recipient => recipient.Status.Action).ShouldBe([DeliveryAction.Delivered, DeliveryAction.Delivered]);
        attempt.Successors.ShouldBeEmpty();
        _nextHop.Messages.Single().Recipients.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_delayed_message_has_its_next_attempt_by_the_schedule()
    {
        _queue.TriesAgain = false;
        _nextHop.Script = (verb, _) => verb == "RCPT" ? ScriptedReply.Say("450 4.2.0 Greylisted") : null;
        _queue.Add(SomeQueued.To("bob@example.net") with { Attempts = 2 });

        await RunUntilEmptyAsync();

        var (_, attempt) = _queue.Records.ShouldHaveSingleItem();
        attempt.NextAttempt.ShouldBe(_time.GetUtcNow().AddMinutes(5));
        attempt.Successors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_recipient_is_reported_in_the_record_that_ends_it()
    {
        _queue.TriesAgain = false;
        _nextHop.Script = (_, line) => line.Contains("gone@", StringComparison.Ordinal) ? ScriptedReply.Say("550 5.1.1 Unknown")
            : line.Contains("grey@", StringComparison.Ordinal) ? ScriptedReply.Say("450 4.2.0 Later") : null;
        _queue.Add(SomeQueued.To("bob@example.net", "gone@example.net", "grey@example.net"));

        await RunUntilEmptyAsync();

        var (_, attempt) = _queue.Records.ShouldHaveSingleItem();
        attempt.Recipients.Select(recipient => recipient.Status.Action)
            .ShouldBe([DeliveryAction.Delivered, DeliveryAction.Failed, DeliveryAction.Delayed]);
        var report = attempt.Successors.ShouldHaveSingleItem();
        report.Protection.ShouldBe(Protection.OwnReport);
        report.Envelope.ReversePath.IsNull.ShouldBeTrue();
        report.Envelope.Recipients.Single().Path.Address.ShouldBe("alice@example.com");
        var text = Encoding.UTF8.GetString(report.Content.Span);
        text.ShouldContain("gone@example.net");
        text.ShouldNotContain("grey@example.net");
        text.ShouldNotContain("bob@example.net");
    }

    [Fact]
    public async Task The_null_sender_gets_no_report()
    {
        _nextHop.Script = (verb, _) => verb == "RCPT" ? ScriptedReply.Say("550 5.1.1 Unknown") : null;
        _queue.Add(SomeQueued.From(string.Empty, "bob@example.net"));

        await RunUntilEmptyAsync();

        var (_, attempt) = _queue.Records.ShouldHaveSingleItem();
        attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Failed);
        attempt.Successors.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_time_is_over_the_sender_hears_the_last_reply()
    {
        _nextHop.Script = (verb, _) => verb == "RCPT" ? ScriptedReply.Say("451 4.3.0 Still broken") : null;
        _queue.Add(SomeQueued.To("bob@example.net") with { Accepted = _time.GetUtcNow().AddDays(-5), Age = TimeSpan.FromDays(5), Attempts = 100 });

        await RunUntilEmptyAsync();

        var (_, attempt) = _queue.Records.ShouldHaveSingleItem();
        attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Failed);
        Encoding.UTF8.GetString(attempt.Successors.Single().Content.Span).ShouldContain("within 5 days");
    }

    [Fact]
    public async Task Random_answers_to_a_hundred_recipients_end_each_of_them_in_the_right_state()
    {
        var random = new Random(20260314);
        var delivered = new ConcurrentDictionary<string, int>();
        var refused = new ConcurrentDictionary<string, int>();
        List<string> transaction = [];
        _nextHop.Script = (verb, line) =>
        {
            if (verb is "MAIL" or "RSET")
            {
                transaction.Clear();
            }

            if (verb == "RCPT")
            {
                var address = line["RCPT TO:<".Length..^1];
                switch (random.Next(3))
                {
                    case 0:
                        refused.AddOrUpdate(address, 1, (_, count) => count + 1);
                        return ScriptedReply.Say("550 5.1.1 Unknown");
                    case 1:
                        return ScriptedReply.Say("450 4.2.0 Later");
                    default:
                        transaction.Add(address);
                        return null;
                }
            }

            if (verb == "DOT")
            {
                switch (random.Next(4))
                {
                    case 0:
                        return ScriptedReply.Say("451 4.3.0 Later");
                    case 1 when random.Next(4) == 0:
                        transaction.ForEach(address => refused.AddOrUpdate(address, 1, (_, count) => count + 1));
                        return ScriptedReply.Say("554 5.6.0 Never");
                    default:
                        transaction.ForEach(address => delivered.AddOrUpdate(address, 1, (_, count) => count + 1));
                        return null;
                }
            }

            return null;
        };

        // One connection, as the script above follows one transaction.
        Start(new RouteOptions { Recipients = ["*"], Hosts = [_nextHop.EndPoint], Connections = 1 });
        for (var i = 0; i < 10; i++)
        {
            _queue.Add(SomeQueued.To([.. Enumerable.Range(0, 100).Select(recipient => $"m{i}r{recipient}@example.net")]));
        }

        await Eventually.TrueAsync(() => _queue.IsEmpty);

        var final = _queue.Records.SelectMany(record => record.Attempt.Recipients)
            .Where(recipient => recipient.Status.Action != DeliveryAction.Delayed)
            .GroupBy(recipient => recipient.Status.Action)
            .ToDictionary(group => group.Key, group => group.Select(recipient => recipient.Recipient.Path.Address).Order().ToArray());
        delivered.Values.Concat(refused.Values).ShouldAllBe(count => count == 1, "nobody is sent to again after an end");
        final[DeliveryAction.Delivered].ShouldBe(delivered.Keys.Order());
        final[DeliveryAction.Failed].ShouldBe(refused.Keys.Order());
        (delivered.Count + refused.Count).ShouldBe(1000);
        ReportedRecipients().ShouldBe(refused.Keys.Order());
    }

    [Fact]
    public async Task A_lost_reply_to_the_dot_makes_one_extra_copy_that_is_byte_identical()
    {
        var dots = 0;
        _nextHop.Script = (verb, _) => verb == "DOT" && ++dots == 1 ? ScriptedReply.Drop : null;
        _queue.Add(SomeQueued.To("bob@example.net"));

        await RunUntilEmptyAsync();

        _nextHop.Messages.Count.ShouldBe(2);
        _nextHop.Messages.First().Content.ShouldBe(_nextHop.Messages.Last().Content);
    }

    [Fact]
    public async Task Garbage_at_any_reply_loses_no_message()
    {
        var random = new Random(7);
        byte[][] garbage = [[0xFF, 0xFE, 13, 10], "nonsense\r\n"u8.ToArray(), "250-a\r\n550 b\r\n"u8.ToArray(), "220 early\r\n250 x\r\n"u8.ToArray(), []];
        _nextHop.Script = (_, _) => random.Next(12) == 0 ? ScriptedReply.SendAndDrop(garbage[random.Next(garbage.Length)]) : null;
        for (var i = 0; i < 50; i++)
        {
            _queue.Add(SomeQueued.To("bob@example.net"));
        }

        // A host that was just seen to fail is left alone for a while, so time has to pass.
        await RunUntilEmptyAsync(TimeSpan.FromSeconds(31));

        _nextHop.Messages.Where(message => message.WasAccepted)
            .Select(message => Encoding.ASCII.GetString(message.Content)).Distinct().Count().ShouldBe(
                50,
                string.Join('\n', _queue.Records.SelectMany(record => record.Attempt.Recipients).GroupBy(recipient => recipient.Status).Select(heard => $"{heard.Count()} x {heard.Key}")));
    }

    [Fact]
    public async Task Stopping_finishes_what_is_in_flight_and_takes_nothing_more()
    {
        using var release = new SemaphoreSlim(0);
        _nextHop.Script = (verb, _) =>
        {
            if (verb == "DOT")
            {
                release.Wait(TimeSpan.FromSeconds(30));
            }

            return null;
        };
        _queue.Add(SomeQueued.To("bob@example.net"));
        Start();
        await Eventually.TrueAsync(() => _nextHop.Commands.Contains("DATA"));

        var stopping = _loop!.StopAsync(CancellationToken.None);
        _queue.Add(SomeQueued.To("late@example.net"));
        stopping.IsCompleted.ShouldBeFalse();
        release.Release();
        await Eventually.EndsAsync(stopping);

        _queue.Records.ShouldHaveSingleItem().Attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Delivered);
        _queue.IsEmpty.ShouldBeFalse("the late message waits for the next start");
    }

    [Fact]
    public async Task Stopping_under_pressure_breaks_off_and_leaves_the_message_queued()
    {
        _nextHop.Script = (verb, _) => verb == "DATA" ? ScriptedReply.Hang : null;
        _queue.Add(SomeQueued.To("bob@example.net"));
        Start();
        await Eventually.TrueAsync(() => _nextHop.Commands.Contains("DATA"));

        using var pressure = new CancellationTokenSource();
        var stopping = _loop!.StopAsync(pressure.Token);
        await pressure.CancelAsync();

        await Eventually.EndsAsync(stopping);
        await Eventually.EndsAsync(_loop.ExecuteTask.ShouldNotBeNull());
        _queue.Records.ShouldBeEmpty();
        _queue.IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public async Task A_result_that_could_not_be_recorded_is_recorded_later_and_not_delivered_again()
    {
        var failures = 0;
        _queue.WhenRecording = _ =>
        {
            if (++failures <= 3)
            {
                throw new IOException("The disk is full.");
            }
        };
        _queue.Add(SomeQueued.To("bob@example.net"));

        await RunUntilEmptyAsync(TimeSpan.FromSeconds(1));

        _nextHop.Messages.Count.ShouldBe(1);
        _queue.Records.ShouldHaveSingleItem().Attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Delivered);
    }

    [Fact]
    public async Task A_disk_that_takes_no_record_does_not_keep_a_worker_when_the_gateway_stops_at_once()
    {
        var failures = 0;
        _queue.WhenRecording = _ =>
        {
            Interlocked.Increment(ref failures);
            throw new IOException("The disk has failed.");
        };
        _queue.Add(SomeQueued.To("bob@example.net"));
        Start(new RouteOptions { Recipients = ["*"], Hosts = [_nextHop.EndPoint] });
        await Eventually.TrueAsync(() => Volatile.Read(ref failures) == 1);

        using var pressure = new CancellationTokenSource();
        await pressure.CancelAsync();
        await _loop!.StopAsync(pressure.Token);

        _loop.ExecuteTask.ShouldNotBeNull().IsCompleted.ShouldBeTrue();
        failures.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_route_that_hangs_does_not_hold_up_another()
    {
        await using var hanging = ScriptedNextHop.Start("MAIL", ScriptedReply.Hang);
        Start(
            TimeProvider.System,
            new RouteOptions { Recipients = ["*@slow.example"], Hosts = [hanging.EndPoint], Connections = 2 },
            new RouteOptions { Recipients = ["*"], Hosts = [_nextHop.EndPoint], Connections = 2 });
        _queue.TriesAgain = false;
        for (var i = 0; i < 100; i++)
        {
            _queue.Add(SomeQueued.To($"bob{i}@slow.example"));
        }

        for (var i = 0; i < 20; i++)
        {
            _queue.Add(SomeQueued.To($"bob{i}@example.net"));
        }

        await Eventually.TrueAsync(() => _nextHop.Messages.Count == 20);

        hanging.OpenConnections.ShouldBe(2, "nothing of the slow route has ended by itself");
        using var pressure = new CancellationTokenSource();
        await pressure.CancelAsync();
        await _loop!.StopAsync(pressure.Token);
    }

    private IEnumerable<string> ReportedRecipients() => _queue.Reports
        .SelectMany(report => Encoding.UTF8.GetString(report.Content.Span).Split("\r\n"))
        .Where(line => line.StartsWith("Final-Recipient: rfc822; ", StringComparison.Ordinal))
        .Select(line => line["Final-Recipient: rfc822; ".Length..])
        .Order();

    private void Start(params RouteOptions[] routes) => Start(_time, routes);

    private void Start(TimeProvider time, params RouteOptions[] routes)
    {
        _routes = RouteTable.Create(
            routes.Length > 0 ? routes : [new RouteOptions { Recipients = ["*"], Hosts = [_nextHop.EndPoint], Connections = 4 }],
            "gateway.example.com", time, NullLoggerFactory.Instance);
        var steps = new DeliverySteps(
            _routes,
            new RetrySchedule(new QueueOptions(), () => 0.5),
            new Reporter("gateway.example.com", _routes, SigningDomains.Open([], time), time, NullLogger<Reporter>.Instance),
            new GatewayCounters());
        _loop = new DeliveryLoop(_queue, () => steps, LoopBed.NothingHeld(_queue), time, NullLogger<DeliveryLoop>.Instance);
        _ = _loop.StartAsync(CancellationToken.None);
    }

    private async Task RunUntilEmptyAsync(TimeSpan step = default)
    {
        Start();
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(step);
            return _queue.IsEmpty;
        });
        await StopAsync();
    }

    private Task StopAsync() => Eventually.EndsAsync(_loop!.StopAsync(CancellationToken.None));
}
