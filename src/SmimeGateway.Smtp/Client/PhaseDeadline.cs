namespace SmimeGateway.Smtp.Client;

/// <summary>
/// One timer for the life of a connection. Moving the deadline only stores a number; the timer looks at it when it fires, and sleeps on.
/// </summary>
internal sealed class PhaseDeadline : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly Action _expired;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long _deadline = Never;
    private long _nextLook = Never;

    public PhaseDeadline(TimeProvider time, Action expired)
    {
        _time = time;
        _expired = expired;
        _timer = time.CreateTimer(static state => ((PhaseDeadline)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts a phase; the one before it is over.</summary>
    public void Start(TimeSpan timeout)
    {
        var now = _time.GetTimestamp();
        var deadline = now + (long)(timeout.TotalSeconds * _time.TimestampFrequency);

        // A full fence: either this sees that no look is planned, or the look sees this deadline.
        Interlocked.Exchange(ref _deadline, deadline);

        // Only a deadline that comes before the next look needs the timer; phases of equal length in a row never touch it.
        if (deadline < Volatile.Read(ref _nextLook))
        {
            lock (_gate)
            {
                LookAt(deadline, now);
            }
        }
    }

    /// <summary>Ends the phase in time.</summary>
    public void Stop() => Volatile.Write(ref _deadline, Never);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _nextLook, Never);
            var deadline = Volatile.Read(ref _deadline);
            if (deadline == Never)
            {
                return;
            }

            var now = _time.GetTimestamp();
            if (now < deadline)
            {
                LookAt(deadline, now);
                return;
            }

            Stop();
        }

        _expired();
    }

    private void LookAt(long deadline, long now)
    {
        Volatile.Write(ref _nextLook, deadline);

        // A timer may fire a moment early by its own clock; a millisecond more makes one look enough.
        _timer.Change(_time.GetElapsedTime(now, deadline) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
