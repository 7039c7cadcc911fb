using SmimeGateway.Queueing;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>
/// Spreads the messages of a route evenly over the minute. A message that comes too early is given a moment of its own, in the order of
/// asking, and passes when it comes back then: so each is looked at twice, however many wait.
/// </summary>
internal sealed class Pace(int messagesPerMinute, TimeProvider time)
{
    // Room for a big queue; those who never come back are forgotten a while after their moment.
    private const int SweepFrom = 50_000;
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = TimeSpan.FromMinutes(1) / messagesPerMinute;
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<QueueId, TimeSpan> _moments = [];
    private TimeSpan _next;
    private int _sweepAt = SweepFrom;

    /// <summary>How long the message has to wait; zero when it may go now.</summary>
    public TimeSpan Ask(QueueId message)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_start);
            if (_moments.TryGetValue(message, out var moment))
            {
                if (moment > now)
                {
                    return moment - now;
                }

                _moments.Remove(message);
                return TimeSpan.Zero;
            }

            moment = _next > now ? _next : now;
            _next = moment + _interval;
            if (moment == now)
            {
                return TimeSpan.Zero;
            }

            Sweep(now);
            _moments[message] = moment;
            return moment - now;
        }
    }

    private void Sweep(TimeSpan now)
    {
        if (_moments.Count < _sweepAt)
        {
            return;
        }

        foreach (var (message, _) in _moments.Where(entry => entry.Value + Forgotten < now).ToList())
        {
            _moments.Remove(message);
        }

        _sweepAt = Math.Max(SweepFrom, _moments.Count * 2);
    }
}
