namespace SmimeGateway.Certificates.Files;

/// <summary>
/// Looks at files when the system tells of a change in their folders, at regular times, as network file systems and overflowing buffers notify
/// nobody, and when somebody asks. Looks come one after the other, on a thread of their own: what a hanging mount keeps is that thread, and
/// neither a start nor a reload, a stop or a login.
/// </summary>
public sealed class Lookout : IAsyncDisposable
{
    /// <summary>How often files are looked at that no notification tells of.</summary>
    public static readonly TimeSpan Regularly = TimeSpan.FromSeconds(10);

    /// <summary>How long files may keep a look waiting before those who asked go on without it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A program that writes several files is given this long to write the rest.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    // A thread that looked waits a moment for the next look: several that follow each other share it.
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(2);

    // A look under way is over within that time when its process stops, unless a file keeps it.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    // In quarters of the patience, so that it is over soon after it is exhausted.
    private const int Quarters = 4;
    private const int WaitsAtMost = 2 * Quarters;

    private readonly Action _look;
    private readonly TimeProvider _time;
    private readonly Action? _stuck;
    private readonly Action? _told;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _pause;
    private readonly ITimer _timer;
    private readonly object _gate = new();
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);
    private long _begun;
    private long _ended;
    private long _toldUpTo;
    private long _movedAt;
    private bool _isAsked;
    private bool _isStuck;
    private bool _hasThread;
    private int _isDueSoon;
    private bool _isTicking;
    private bool _isDisposed;

    /// <summary>Prepares looks; none is taken before somebody asks.</summary>
    /// <param name="look">Takes one look. What it throws is over with it: the next look comes.</param>
    /// <param name="time">Paces the looks.</param>
    /// <param name="pause">How often to look without a reason; <see cref="Regularly"/> if not given.</param>
    /// <param name="patience">How long to wait for a file that does not answer; <see cref="Patience"/> if not given.</param>
    /// <param name="stuck">Told once of a look that a file has kept waiting for longer than that; what it does is short.</param>
    /// <param name="ended">Told after each look, which may take its time: no file keeps it.</param>
    public Lookout(Action look, TimeProvider time, TimeSpan? pause = null, TimeSpan? patience = null, Action? stuck = null, Action? ended = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _look = look;
        _time = time;
        _stuck = stuck;
        _told = ended;
        _patience = patience ?? Patience;
        _pause = pause ?? Regularly;
        _timer = time.CreateTimer(_ => LookInBackground(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks at regular times from now on.</summary>
    public void Begin() => _timer.Change(_pause, _pause);

    /// <summary>
    /// Takes a look, which begins after the call, and waits for it, and for a while for those who are told of it. False when a file kept it waiting
    /// for too long: then it is still under way, and whoever asks meanwhile hears so at once.
    /// </summary>
    public bool Look()
    {
        var look = Ask();
        for (var waits = 0; !IsOver(look, isToldOf: waits < WaitsAtMost); waits++)
        {
            if (IsStuck())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a look a little later, once a program that writes several files has written the rest.</summary>
    public void LookSoon()
    {
        // The first of many notifications sets the time, so that a steady stream of them cannot put it off.
        if (Interlocked.Exchange(ref _isDueSoon, 1) == 0)
        {
            LookIn(Settling);
        }
    }

    /// <summary>Takes a look after a time, and at regular times from then on.</summary>
    public void LookIn(TimeSpan delay)
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _timer.Change(delay, _pause);
            }
        }
    }

    /// <summary>Says, during a look, that a file has answered: many of them take their time without one that hangs.</summary>
    public void Move() => Volatile.Write(ref _movedAt, _time.GetTimestamp());

    /// <summary>Has the system tell of changes in folders; to be called in a look, before anything is read, or a change in between would be missed.</summary>
    public void Watch(IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                // Gone, perhaps to come back: a new watcher is needed then.
                Put(folder, null);
            }
            else if (!IsWatched(folder))
            {
                TryWatch(folder);
            }
        }
    }

    /// <summary>Ends the looks. One that is under way is waited for, unless a file keeps it.</summary>
    public ValueTask DisposeAsync()
    {
        // Without waiting for a look that it may have begun.
        _timer.Dispose();
        FileSystemWatcher[] watchers;
        lock (_gate)
        {
            _isDisposed = true;
            watchers = [.. _watchers.Values];
            _watchers.Clear();
            Monitor.PulseAll(_gate);
            while (_ended < _begun && !_isStuck && Monitor.Wait(_gate, Farewell))
            {
                // Somebody else was told of something else.
            }
        }

        // The system may keep whoever ends one; nobody has to wait for that.
        _ = Task.Run(() => Array.ForEach(watchers, static watcher => watcher.Dispose()));
        return ValueTask.CompletedTask;
    }

    // The number of the look that begins after this.
    private long Ask()
    {
        lock (_gate)
        {
            _isAsked = true;
            if (_hasThread)
            {
                Monitor.PulseAll(_gate);
            }
            else if (!_isDisposed)
            {
                TryStart();
            }

            return _begun + 1;
        }
    }

    private void TryStart()
    {
        try
        {
            Move();
            new Thread(LookAsAsked) { IsBackground = true, Name = "looks at files" }.Start();
            (_hasThread, _isStuck) = (true, false);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // The system has no more threads to give. What is known stays, and the next who asks tries again.
            BeStuck();
        }
    }

    private bool IsOver(long look, bool isToldOf)
    {
        lock (_gate)
        {
            if (!IsReached() && !_isStuck)
            {
                _ = Monitor.Wait(_gate, _patience / Quarters);
            }

            return IsReached();
        }

        bool IsReached() => (isToldOf ? _toldUpTo : _ended) >= look || _isDisposed;
    }

    private void LookAsAsked()
    {
        while (BeginLook())
        {
            Try(_look);
            lock (_gate)
            {
                // What was said of a look that came to its end after all is taken back by the next.
                _isAsked |= _isStuck;
                _ended = _begun;
                _isStuck = false;
                Monitor.PulseAll(_gate);
            }

            Try(_told);
            lock (_gate)
            {
                _toldUpTo = _ended;
                Monitor.PulseAll(_gate);
            }
        }
    }

    // False when nobody has asked for some time.
    private bool BeginLook()
    {
        lock (_gate)
        {
            while (!_isAsked && !_isDisposed && Monitor.Wait(_gate, Lingering))
            {
                // Those who wait for the end of a look are told of it too.
            }

            _hasThread = _isAsked && !_isDisposed;
            if (_hasThread)
            {
                _isAsked = false;
                _begun++;
                Interlocked.Exchange(ref _isDueSoon, 0);
                Move();
            }

            return _hasThread;
        }
    }

    private bool IsStuck()
    {
        lock (_gate)
        {
            if (!_isStuck && _ended != _begun && _time.GetElapsedTime(Volatile.Read(ref _movedAt)) >= _patience)
            {
                BeStuck();
            }

            return _isStuck;
        }
    }

    // Told under the lock: whoever hears that a look is stuck finds what was said of it.
    private void BeStuck()
    {
        if (!_isStuck)
        {
            _isStuck = true;
            Try(_stuck);
        }
    }

    private static void Try(Action? what)
    {
        try
        {
            what?.Invoke();
        }
#pragma warning disable CA1031 // The last door of a background thread: what is known stays, and the next look may succeed.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Such as a folder that went away between two calls.
        }
    }

    // Where a file keeps the look, the next tick does not wait beside this one; what it was to see is looked at all the same.
    private void LookInBackground()
    {
        if (Interlocked.Exchange(ref _isTicking, true))
        {
            _ = Ask();
            return;
        }

        try
        {
            _ = Look();
        }
        finally
        {
            Volatile.Write(ref _isTicking, false);
        }
    }

    private void TryWatch(string folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime | NotifyFilters.Attributes,
            };
            watcher.Changed += (_, _) => LookSoon();
            watcher.Created += (_, _) => LookSoon();
            watcher.Deleted += (_, _) => LookSoon();
            watcher.Renamed += (_, _) => LookSoon();
            watcher.Error += (_, _) =>
            {
                // Its buffer overflowed, and with it all that were to come may be lost: the next look has another.
                Put(folder, null);
                LookSoon();
            };
            watcher.EnableRaisingEvents = true;
            Put(folder, watcher);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // The system has no more watches to give; looking at regular times remains.
        }
    }

    private bool IsWatched(string folder)
    {
        lock (_gate)
        {
            return _watchers.ContainsKey(folder);
        }
    }

    private void Put(string folder, FileSystemWatcher? watcher)
    {
        FileSystemWatcher? stale;
        lock (_gate)
        {
            _ = _watchers.Remove(folder, out stale);
            if (watcher is not null && !_isDisposed)
            {
                _watchers[folder] = watcher;
                watcher = null;
            }
        }

        // Outside of the lock: the system may keep whoever ends one.
        stale?.Dispose();
        watcher?.Dispose();
    }
}
