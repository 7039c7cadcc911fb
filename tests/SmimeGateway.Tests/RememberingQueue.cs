using System.Collections.Concurrent;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests;

/// <summary>
/// A queue in memory that remembers every record. Delayed recipients are due again at once, so that a story of days takes moments.
/// </summary>
internal sealed class RememberingQueue : IMessageQueue
{
    private readonly Lock _gate = new();
    private readonly List<QueuedMessage> _undivided = [];
    private IReadOnlyList<SomeRouteQueue> _routes = [];
    private Func<QueuedMessage, int> _routeOf = _ => 0;
    private int _pending;

    /// <summary>Every record, in the order of their writing.</summary>
    public ConcurrentQueue<(QueuedMessage Message, AttemptRecord Attempt)> Records { get; } = new();

    /// <summary>The reports that came with the records.</summary>
    public ConcurrentQueue<ProtectedMessage> Reports { get; } = new();

    /// <summary>False to keep delayed recipients after the first attempt.</summary>
    public bool TriesAgain { get; set; } = true;

    /// <summary>Called before a record is taken; may throw.</summary>
    public Action<AttemptRecord> WhenRecording { get; set; } = _ => { };

    /// <summary>Called for a message that goes on waiting: says how old it is when it is handed out again.</summary>
    public Func<QueuedMessage, QueuedMessage> Aging { get; set; } = message => message;

    /// <summary>True when nothing is left to do.</summary>
    public bool IsEmpty => Volatile.Read(ref _pending) == 0;

    public void Add(QueuedMessage message)
    {
        Interlocked.Increment(ref _pending);
        Enter(message);
    }

    public IReadOnlyList<IRouteQueue> Divide(QueueDivision division)
    {
        lock (_gate)
        {
            _routes = [.. Enumerable.Range(0, division.Routes.Count + 1).Select(_ => new SomeRouteQueue())];
            _routeOf = message => message.Protection == Protection.Held ? division.Routes.Count : division.RouteOf(message.Envelope.Recipients[0].Path);
            _undivided.ForEach(Sort);
            _undivided.Clear();
            return _routes;
        }
    }

    public void PutBack(QueuedMessage message) => Enter(message);

    public ValueTask<IReadOnlyList<QueueId>> RecordAsync(QueuedMessage message, AttemptRecord attempt, CancellationToken cancellationToken)
    {
        WhenRecording(attempt);
        Records.Enqueue((message, attempt));
        foreach (var report in attempt.Successors)
        {
            Reports.Enqueue(report);
        }

        EnvelopeRecipient[] left =
            [.. attempt.Recipients.Where(recipient => recipient.Status.Action == DeliveryAction.Delayed).Select(recipient => recipient.Recipient)];
        if (left.Length > 0 && TriesAgain)
        {
            Add(Aging(message with
            {
                Envelope = message.Envelope with { Recipients = left },
                Attempts = message.Attempts + 1,
                IsDelayReported = attempt.IsDelayReported,
            }));
        }

        Interlocked.Decrement(ref _pending);
        return ValueTask.FromResult<IReadOnlyList<QueueId>>([.. attempt.Successors.Select((_, number) => new QueueId($"S{number}"))]);
    }

    public ValueTask<EnqueueOutcome> EnqueueAsync(IReadOnlyList<ProtectedMessage> messages, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The delivery loop stores reports with its records only.");

    private void Enter(QueuedMessage message)
    {
        lock (_gate)
        {
            if (_routes.Count == 0)
            {
                _undivided.Add(message);
            }
            else
            {
                Sort(message);
            }
        }
    }

    private void Sort(QueuedMessage message)
    {
        var parts = message.Envelope.Recipients.GroupBy(recipient => _routeOf(message with { Envelope = message.Envelope with { Recipients = [recipient] } })).ToList();
        Interlocked.Add(ref _pending, parts.Count - 1);
        foreach (var part in parts)
        {
            _routes[part.Key].Add(parts.Count == 1 ? message : message with { Envelope = message.Envelope with { Recipients = [.. part] } });
        }
    }

    public bool HasRoomFor(long messageBytes) => true;

    public QueueSummary Summarize() => new(_pending, _pending, null, 0);

    public ValueTask<IReadOnlyList<QueueListing>> ListAsync(QueueFilter filter, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(QueueId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>> ReadSealedAsync(QueueId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> RetryAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> HoldAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> ReleaseAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> RemoveAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
