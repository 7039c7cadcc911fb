using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>
/// All that happens after the 250: workers take messages that are due, relay them, and write down what became of each recipient together
/// with the report that a failure causes. A message that waits for a certificate is not relayed but released, which ends it in the messages
/// it becomes. When told to stop, they take nothing more and finish what they have.
/// </summary>
/// <param name="queue">Where messages come from and results go.</param>
/// <param name="steps">Gives what the current configuration says; asked once per message.</param>
/// <param name="held">What is done about messages that wait for a certificate.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears the story of each message.</param>
internal sealed class DeliveryLoop(
    IMessageQueue queue, Func<DeliverySteps> steps, HeldSteps held, TimeProvider time, ILogger<DeliveryLoop> log) : BackgroundService
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterBreaking = TimeSpan.FromMinutes(1);

    // What the log names where it has a next hop for other mail.
    private const string InGateway = "the gateway itself";

    // Connections that are cut end within milliseconds.
    private static readonly TimeSpan PatienceAfterAbort = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _abort = new();
    private int _workers;

    /// <summary>Waits until every message in flight is recorded; once the token is cancelled, breaks off what is still running.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _abort))
        {
            await base.StopAsync(cancellationToken);

            // When the token is cancelled, the workers have been told but have not ended yet, and still need the queue.
            if (ExecuteTask is { } workers)
            {
                await workers.WaitAsync(PatienceAfterAbort, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _abort.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => StartWorkersAsync(stoppingToken);

    /// <summary>
    /// Starts the workers that the routes have use for and that do not run yet: all of them at first, more when a reload widened the
    /// routes. Ends when those it started have.
    /// </summary>
    private Task StartWorkersAsync(CancellationToken stopping)
    {
        var wanted = steps().Routes.Width;
        List<Task> started = [];
        while (Volatile.Read(ref _workers) is var running && running < wanted)
        {
            if (Interlocked.CompareExchange(ref _workers, running + 1, running) != running)
            {
                continue;
            }

            started.Add(Task.Run(() => WorkAsync(stopping), CancellationToken.None));
        }

        return Task.WhenAll(started);
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        var others = Task.CompletedTask;
        QueuedMessage? message = null;
        Attempt? attempt = null;
        while (message is not null || !stopping.IsCancellationRequested)
        {
            try
            {
                message ??= await queue.TakeAsync(stopping);
                var current = steps();
                attempt ??= await AttemptAsync(message, current);
                var (recorded, outcome, successors) = await RecordAsync(message, attempt);
                message = null;
                attempt = null;

                // Only now: a kill between the next hop's reply and the record repeats the delivery, and writing lines takes its time.
                Tell(recorded, outcome, successors);
                if (outcome.Arrivals is { } arrivals && arrivals != held.Watch.Arrivals)
                {
                    // A certificate arrived while the message was being tried, perhaps too late to be found and too early to wake it.
                    var waiting = outcome.Record.Recipients.Where(recipient => recipient.Status.Action == DeliveryAction.Delayed);
                    await held.Watch.WakeAsync(recorded.Id, waiting.Select(recipient => recipient.Recipient), stopping);
                }

                if (Volatile.Read(ref _workers) < current.Routes.Width)
                {
                    others = Task.WhenAll(others, StartWorkersAsync(stopping));
                }
            }
            catch (Exception exception) when (
                _abort.IsCancellationRequested || (exception is OperationCanceledException && stopping.IsCancellationRequested))
            {
                // A message without a record is still in the queue, and is tried again after the next start.
                break;
            }
#pragma warning disable CA1031 // The one broad catch of this loop: a message that breaks a worker must not end it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                // What was found out is recorded again rather than tried again: delivering twice is worse than waiting here.
                RelayingLog.AttemptBroke(log, message?.Id.Value ?? "-", exception);
                attempt ??= message is null ? null : PutOff(message);
                await PauseAsync();
            }
        }

        await others;
    }

    private async ValueTask<Attempt> AttemptAsync(QueuedMessage message, DeliverySteps current)
    {
        RelayingLog.Taken(
            log, message.Id.Value, message.Attempts + 1, message.Envelope.ReversePath.Address, message.Envelope.Recipients.Count, message.Content.Length);
        if (message.Unreadable is { } unreadable)
        {
            var results = DeliveryResult.OfUnreadable(message, unreadable.IsDamage, InGateway);
            return new Attempt(Judge(message, results, [], current), results, []);
        }

        if (message.Protection == Protection.Held)
        {
            var arrivals = held.Watch.Arrivals;
            var (results, successors) = await held.Release.TryAsync(message, _abort.Token);
            return new Attempt(Judge(message, results, successors, current), results, successors) { Arrivals = arrivals };
        }

        var delivered = await current.Relay.RelayAsync(message, _abort.Token);
        foreach (var breakage in delivered.Select(result => result.Breakage).OfType<Exception>().Distinct())
        {
            RelayingLog.AttemptBroke(log, message.Id.Value, breakage);
        }

        return new Attempt(Judge(message, delivered, [], current), delivered, []);
    }

    private async ValueTask<(QueuedMessage Message, Attempt Attempt, IReadOnlyList<QueueId> Successors)> RecordAsync(
        QueuedMessage message, Attempt attempt)
    {
        try
        {
            // Also when told to stop at once: what a server has taken would be sent again.
            return (message, attempt, await queue.RecordAsync(message, attempt.Record, CancellationToken.None));
        }
        catch (IOException trouble) when (attempt.Record.IsRefusable)
        {
            // It stays sealed and waits like mail for a next hop: a worker that waited for room would not deliver what makes some.
            HeldReleaseLog.NoRoom(log, message.Id.Value, trouble.Message);
            var putOff = PutOff(message, "Held: the queue has no room for what the message would become.");
            return (message, putOff, await queue.RecordAsync(message, putOff.Record, CancellationToken.None));
        }
    }

    /// <summary>Decides what is tried again, what has failed, and what the sender hears of it.</summary>
    private AttemptRecord Judge(
        QueuedMessage message, IReadOnlyList<DeliveryResult> results, IReadOnlyList<PreparedMessage> successors, DeliverySteps current)
    {
        var now = time.GetUtcNow();
        var scheduled = results.Any(result => result.Status.Action == DeliveryAction.Delayed && !result.WasTurnedAway)
            ? current.Schedule.NextAttempt(message.Age, message.Attempts, now)
            : current.Schedule.NextLook(now, results.Max(result => result.LookAgainIn));
        var nextAttempt = scheduled ?? current.Schedule.NextLook(now);
        var progress = new RecipientProgress[results.Count];
        for (var i = 0; i < progress.Length; i++)
        {
            var status = results[i].Status;
            if (status.Action == DeliveryAction.Delayed && scheduled is null && !results[i].WasTurnedAway)
            {
                // The code and the text of the last attempt stay: they say best why it failed. A recipient that was turned away was not
                // tried at all, and is not given up before it was.
                status = results[i].AtEnd ?? status with { Action = DeliveryAction.Failed };
            }

            progress[i] = new RecipientProgress(results[i].Recipient, status);
            if (!results[i].IsReleased)
            {
                current.Counters.Count(status.Action);
            }
        }

        // Once per message: the record with the warning says so, in the same transaction.
        var isDelayDue = !message.IsDelayReported
            && current.Schedule.IsWarningDue(message.Age, message.Attempts)
            && progress.Any(recipient => recipient.Status.Action == DeliveryAction.Delayed);
        var reports = current.Reporter.Report(message, progress, isDelayDue ? current.Schedule.End(message.Age, now) : null, now);
        return new AttemptRecord(progress, nextAttempt, successors.Count == 0 ? reports : [.. successors.Select(ready => ready.Message), .. reports])
        {
            IsDelayReported = message.IsDelayReported || isDelayDue,
            IsRefusable = successors.Count > 0,
        };
    }

    private void Tell(QueuedMessage message, Attempt attempt, IReadOnlyList<QueueId> successors)
    {
        for (var i = 0; i < attempt.Successors.Count; i++)
        {
            var (successor, rule) = attempt.Successors[i];
            HeldReleaseLog.Released(
                log, message.Id.Value, successors[i], successor.Protection, successor.Envelope.Recipients.Count, rule);
        }

        for (var i = 0; i < attempt.Results.Count; i++)
        {
            Tell(message, attempt.Results[i], attempt.Record.Recipients[i].Status, attempt.Record.NextAttempt);
        }
    }

    private void Tell(QueuedMessage message, DeliveryResult result, DeliveryStatus status, DateTimeOffset nextAttempt)
    {
        var (id, recipient) = (message.Id.Value, result.Recipient.Path.Address);
        switch (status.Action)
        {
            case DeliveryAction.Delivered when result.IsReleased:
                break;
            case DeliveryAction.Delivered:
                RelayingLog.Delivered(log, id, recipient, result.NextHop, status.Diagnostic);
                break;
            case DeliveryAction.Delayed:
                RelayingLog.Deferred(log, id, recipient, result.NextHop, nextAttempt, status.Status, status.Diagnostic);
                break;
            default:
                RelayingLog.Bounced(log, id, recipient, result.NextHop, status.Status, status.Diagnostic);
                break;
        }
    }

    /// <summary>
    /// The attempt of a message that broke it, or found no room: unknown trouble is temporary, and counts like any other, so that the sender
    /// is warned and the message is given up in the end.
    /// </summary>
    private Attempt PutOff(QueuedMessage message, string reason = "An unexpected error in the gateway.")
    {
        var status = new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 3, 0), reason, null);
        DeliveryResult[] results =
            [.. message.Envelope.Recipients.Select(recipient => new DeliveryResult(recipient, status, InGateway, WasTurnedAway: false))];
        try
        {
            return new Attempt(Judge(message, results, [], steps()), results, []);
        }
#pragma warning disable CA1031 // What broke the attempt may break the report of it as well, and no message ends without one.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            RelayingLog.AttemptBroke(log, message.Id.Value, exception);
            var record = new AttemptRecord(
                [.. results.Select(result => new RecipientProgress(result.Recipient, status))], time.GetUtcNow() + PauseAfterBreaking, [])
            {
                IsDelayReported = message.IsDelayReported,
            };
            return new Attempt(record, [], []);
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(PauseAfterError, time, _abort.Token);
        }
        catch (OperationCanceledException)
        {
            // Breaking off needs no pause.
        }
    }

    /// <summary>What an attempt came to.</summary>
    /// <param name="Record">As it is written down.</param>
    /// <param name="Results">What the next hops said, for the log, in the order of the record's recipients; empty when the attempt broke.</param>
    /// <param name="Successors">What a held message became; they come first among the successors of the record.</param>
    private sealed record Attempt(
        AttemptRecord Record, IReadOnlyList<DeliveryResult> Results, IReadOnlyList<PreparedMessage> Successors)
    {
        /// <summary>How many arrivals of certificates there had been when it began; null for other messages than held ones.</summary>
        public long? Arrivals { get; init; }
    }
}
