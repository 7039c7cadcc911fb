using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing;
using SmimeGateway.Queueing.Journal;
using SmimeGateway.Relaying;
using SmimeGateway.Reporting;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>
/// All that happens after the 250: the workers of each route take messages that are due there, relay them, and write down what became of each recipient together
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

    // Each release may take several times the size of its message.
    private const int ReleaseWorkers = 2;

    private readonly CancellationTokenSource _abort = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Looks whether the configuration has other routes by now; each set of routes has workers of its own.</summary>
    public void Follow() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

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
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> workers = [];
        RouteTable? served = null;
        CancellationTokenSource? retiring = null;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var changed = Volatile.Read(ref _changed).Task;
                var routes = steps().Routes;
                if (!ReferenceEquals(routes, served))
                {
                    // Those of the former routes finish what they have; a dead next hop keeps nobody who is wanted elsewhere.
                    await (retiring?.CancelAsync() ?? Task.CompletedTask);
                    retiring?.Dispose();
                    retiring = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    workers.RemoveAll(static worker => worker.IsCompleted);
                    workers.AddRange(StartWorkers(routes, retiring.Token));
                    served = routes;
                }

                await changed.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await Task.WhenAll(workers);
            retiring?.Dispose();
        }
    }

    /// <summary>Starts as many workers as the routes have use for.</summary>
    private List<Task> StartWorkers(RouteTable routes, CancellationToken retired)
    {
        var queues = queue.Divide(new QueueDivision(
            [.. routes.Deliveries.Select(delivery => new QueueRouteTerms(delivery.Interval, delivery.MostRecipients))], routes.IndexOf, wait => steps().Schedule.MustTell(wait)));
        List<Task> started = [];
        for (var i = 0; i < routes.Deliveries.Count; i++)
        {
            var (delivery, waiting) = (routes.Deliveries[i], queues[i]);
            delivery.Serve(waiting);
            Start(delivery.Width, waiting, message => DeliverAsync(message, delivery));
        }

        Start(ReleaseWorkers, queues[^1], ReleaseAsync);
        return started;

        void Start(int count, IRouteQueue from, Func<QueuedMessage, ValueTask<Attempt?>> attempt)
        {
            for (var i = 0; i < count; i++)
            {
                started.Add(Task.Run(() => WorkAsync(from, attempt, retired), CancellationToken.None));
            }
        }
    }

    private async Task WorkAsync(IRouteQueue from, Func<QueuedMessage, ValueTask<Attempt?>> tryAsync, CancellationToken retired)
    {
        QueuedMessage? message = null;
        Attempt? attempt = null;
        while (message is not null || !retired.IsCancellationRequested)
        {
            try
            {
                message ??= await from.TakeAsync(retired);
                TellTaken(message);
                attempt ??= message.Unreadable is { } failure ? Unreadable(message, failure) : await tryAsync(message);
                if (attempt is null)
                {
                    // It has been put back.
                    message = null;
                    continue;
                }

                var (recorded, outcome, successors) = await RecordAsync(message, attempt);
                message = null;
                attempt = null;

                // Only now: a kill between the next hop's reply and the record repeats the delivery, and writing lines takes its time.
                Tell(recorded, outcome, successors);
                if (outcome.Arrivals is { } arrivals && arrivals != held.Watch.Arrivals)
                {
                    // A certificate arrived while the message was being tried, perhaps too late to be found and too early to wake it.
                    var waiting = outcome.Record.Recipients.Where(recipient => recipient.Status.Action == DeliveryAction.Delayed);
                    await held.Watch.WakeAsync(recorded.Id, waiting.Select(recipient => recipient.Recipient), retired);
                }
            }
            catch (Exception exception) when (
                _abort.IsCancellationRequested || (exception is OperationCanceledException or ObjectDisposedException && retired.IsCancellationRequested))
            {
                // A message without a record is still in the queue: it is tried by those of the next routes, or after the next start.
                if (message is not null && attempt is null)
                {
                    queue.PutBack(message);
                }

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
    }

    private async ValueTask<Attempt?> ReleaseAsync(QueuedMessage message)
    {
        var current = steps();
        var arrivals = held.Watch.Arrivals;
        var (results, successors) = await held.Release.TryAsync(message, _abort.Token);
        try
        {
            return new Attempt(Judge(message, results, successors, current), results, successors) { Arrivals = arrivals };
        }
        catch
        {
            queue.Discard([.. successors.Select(ready => ready.Message)]);
            throw;
        }
    }

    /// <summary>Tries to deliver; null when nothing could be tried and nobody has to be told yet.</summary>
    private async ValueTask<Attempt?> DeliverAsync(QueuedMessage message, IDelivery delivery)
    {
        var current = steps();
        DeliveryAttempt attempt;
        try
        {
            attempt = await delivery.DeliverAsync(message, _abort.Token);
        }
#pragma warning disable CA1031 // Unknown trouble of a way out is a result like any other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            attempt = DeliveryAttempt.Broke(message.Envelope, exception, _abort.Token);
        }

        if (attempt.Breakage is { } breakage)
        {
            RelayingLog.AttemptBroke(log, message.Id.Value, breakage);
        }

        if (attempt.IsUntried && (!message.IsOverdue || _abort.IsCancellationRequested))
        {
            RelayingLog.Waits(log, message.Id.Value, delivery.Name, attempt.Statuses[0].Diagnostic);
            queue.PutBack(message);
            return null;
        }

        DeliveryResult[] results =
        [
            .. attempt.Statuses.Select((status, place) => new DeliveryResult(message.Envelope.Recipients[place], status, attempt.Hosts?[place] ?? delivery.Name)),
        ];
        return new Attempt(Judge(message, results, [], current), results, []);
    }

    private Attempt Unreadable(QueuedMessage message, ReadFailure failure)
    {
        var results = DeliveryResult.OfUnreadable(message, failure.IsDamage, InGateway);
        return new Attempt(Judge(message, results, [], steps()), results, []);
    }

    private void TellTaken(QueuedMessage message) => RelayingLog.Taken(
        log, message.Id.Value, message.Attempts + 1, message.Envelope.ReversePath.Address, message.Envelope.Recipients.Count, message.Content.Length);

    private async ValueTask<(QueuedMessage Message, Attempt Attempt, IReadOnlyList<QueueId> Successors)> RecordAsync(
        QueuedMessage message, Attempt attempt)
    {
        try
        {
            // Also when told to stop at once: what a server has taken would be sent again.
            return (message, attempt, await queue.RecordAsync(message, attempt.Record, CancellationToken.None));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException && attempt.Record.IsRefusable)
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
        var scheduled = current.Schedule.NextAttempt(message, now);
        var progress = new RecipientProgress[results.Count];
        for (var i = 0; i < progress.Length; i++)
        {
            var status = results[i].Status;
            if (status.Action == DeliveryAction.Delayed && scheduled is null)
            {
                // The code and the text of the last attempt stay: they say best why it failed.
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
            && current.Schedule.IsWarningDue(message)
            && progress.Any(recipient => recipient.Status.Action == DeliveryAction.Delayed);
        var reports = current.Reporter.Report(message, progress, isDelayDue ? current.Schedule.End(message.Age, now) : null, now);
        return new AttemptRecord(progress, scheduled ?? now, successors.Count == 0 ? reports : [.. successors.Select(ready => ready.Message), .. reports])
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
            attempt.Successors[i].CountIn(steps().Counters);
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
            [.. message.Envelope.Recipients.Select(recipient => new DeliveryResult(recipient, status, InGateway))];
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

/// <summary>What the delivery loop puts together, as the current configuration has it.</summary>
/// <param name="Routes">The ways out.</param>
/// <param name="Schedule">Says when to try again.</param>
/// <param name="Reporter">Tells the sender.</param>
/// <param name="Counters">Counts results.</param>
internal sealed record DeliverySteps(RouteTable Routes, RetrySchedule Schedule, Reporter Reporter, GatewayCounters Counters);
