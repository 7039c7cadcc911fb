namespace SmimeGateway.TestSupport;

/// <summary>A clock that stands still until a test moves it. Timers fire inside <see cref="Advance"/>, in the order of their times.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now;
    private TimeSpan _jumped;

    /// <summary>Starts at a fixed moment, so that texts with dates come out the same in every run.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero))
    {
    }

    /// <summary>Starts at the given moment.</summary>
    public ManualTimeProvider(DateTimeOffset start) => _now = start;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now + _jumped;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => SteadyNow().UtcTicks;

    /// <summary>Sets the wall clock to another time, as an administrator or a time server does. No time passes: timers and timestamps go on.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate)
        {
            _jumped += by;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, firing what falls due on the way at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = SteadyNow() + by;
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>
    /// Moves the clock on, step by step, until the task ends. For timeouts that another thread starts at a moment the test cannot see.
    /// </summary>
    /// <exception cref="TimeoutException">It did not end within half a minute of real time.</exception>
    public async Task AdvanceUntilAsync(Task task, TimeSpan step)
    {
        await Eventually.TrueAsync(() =>
        {
            if (!task.IsCompleted)
            {
                Advance(step);
            }

            return task.IsCompleted;
        });
    }

    /// <summary>
    /// Goes on by steps until the task ends, and gives what a step set going five seconds of real time before the next: for a task that has
    /// a time limit of its own once the awaited one has passed, such as a farewell.
    /// </summary>
    public async Task AdvancePatientlyAsync(Task task, TimeSpan step)
    {
        var left = 6;
        while (!task.IsCompleted && left-- > 0)
        {
            Advance(step);
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(5)));
        }

        await Eventually.EndsAsync(task);
    }

    private DateTimeOffset SteadyNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            if (next is null)
            {
                _now = target > _now ? target : _now;
                return null;
            }

            _now = next.Due > _now ? next.Due : _now;
            next.MoveOn(_now);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void MoveOn(DateTimeOffset now)
        {
            if (_period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero)
            {
                clock._timers.Remove(this);
            }
            else
            {
                Due = now + _period;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
