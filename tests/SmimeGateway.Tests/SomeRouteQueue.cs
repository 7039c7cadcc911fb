using System.Threading.Channels;
using SmimeGateway.Queueing;

namespace SmimeGateway.Tests;

/// <summary>What waits for a route, in memory; remembers how it was told to rest.</summary>
internal sealed class SomeRouteQueue : IRouteQueue
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly Channel<QueuedMessage> _due = Channel.CreateUnbounded<QueuedMessage>();
    private int _permits;
    private volatile bool _isResting;

    /// <summary>How many messages are said to wait beside those in it.</summary>
    public int Others { get; set; }

    public bool IsResting => _isResting;

    /// <summary>How many messages were let through while it rested.</summary>
    public int Admitted { get; private set; }

    public void Add(QueuedMessage message) => _due.Writer.TryWrite(message);

    public async ValueTask<QueuedMessage> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _due.Reader.WaitToReadAsync(cancellationToken);
            if (MayTake() && _due.Reader.TryRead(out var message))
            {
                return message;
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    public void Rest() => _isResting = true;

    public void GoOn() => _isResting = false;

    public void AdmitOne()
    {
        Admitted++;
        Interlocked.Increment(ref _permits);
    }

    RouteQueueFigures IRouteQueue.Look() => new(_due.Reader.Count + Others, IsResting, null);

    private bool MayTake()
    {
        if (!_isResting)
        {
            return true;
        }

        if (Interlocked.Decrement(ref _permits) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _permits);
        return false;
    }
}
