namespace SmimeGateway.Smtp;

/// <summary>
/// Says when the other side has been silent for too long. Moving the deadline is a write to a field: the timer behind it runs out
/// once in a while, sees that the deadline has moved, and is wound up again.
/// </summary>
internal sealed class LazyDeadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action _interrupt;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private long _deadline = long.MaxValue;
    private long _wakeUp = long.MaxValue;
    private bool _hasPassed;

    /// <summary>Begins without a deadline.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="interrupt">Called when the deadline has passed.</param>
    public LazyDeadline(TimeProvider time, Action interrupt)
    {
        _time = time;
        _interrupt = interrupt;
        _timer = time.CreateTimer(static state => ((LazyDeadline)state!).WakeUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True from the moment the deadline passed until another one is set.</summary>
    public bool HasPassed => Volatile.Read(ref _hasPassed);

    /// <summary>It has this long from now on.</summary>
    public void Set(TimeSpan due)
    {
        lock (_gate)
        {
            _hasPassed = false;
            _deadline = _time.GetTimestamp() + (long)(due.TotalSeconds * _time.TimestampFrequency);
            if (_deadline < _wakeUp)
            {
                WindUp(_deadline);
            }
        }
    }

    /// <summary>It may take as long as it likes, for it is not its turn.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _hasPassed = false;
            _deadline = long.MaxValue;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void WakeUp()
    {
        lock (_gate)
        {
            _wakeUp = long.MaxValue;
            if (_deadline == long.MaxValue || _hasPassed)
            {
                return;
            }

            if (_time.GetTimestamp() < _deadline)
            {
                WindUp(_deadline);
                return;
            }

            _hasPassed = true;
        }

        _interrupt();
    }

    private void WindUp(long deadline)
    {
        // A millisecond more, so that rounding never wakes it up just before the deadline, again and again.
        _wakeUp = deadline;
        var due = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
        _timer.Change((due > TimeSpan.Zero ? due : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
