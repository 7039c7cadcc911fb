using System.Security.Cryptography;

namespace SmimeGateway.Certificates.Finding;

/// <summary>
/// Keeps a snapshot of the certificates in some files, and replaces it as a whole when a file comes, changes or goes. Changes are noticed
/// by the system's notifications, and by looking at regular times, as network file systems and overflowing buffers notify nobody.
/// </summary>
internal sealed class FileWatch<T> : IAsyncDisposable
    where T : IHeldCertificate<T>
{
    private static readonly TimeSpan Regularly = TimeSpan.FromSeconds(10);

    /// <summary>A program that writes several files is given this long to write the rest.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    /// <summary>Within the resolution of file times a change can hide behind an equal stamp.</summary>
    private static readonly TimeSpan StampResolution = TimeSpan.FromSeconds(2);

    private readonly FileWatchPlan<T> _plan;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _looking = new();
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);
    private Dictionary<string, KnownFile<T>> _known = new(StringComparer.Ordinal);
    private IReadOnlyList<SourceProblem> _listProblems = [];
    private volatile CertificateSnapshot<T> _snapshot = CertificateSnapshot<T>.Empty;
    private long _version;
    private int _lookIsDue;
    private bool _disposed;

    /// <summary>Reads all files, side by side, and watches them from then on.</summary>
    public FileWatch(FileWatchPlan<T> plan, TimeProvider time)
    {
        _plan = plan;
        _time = time;
        _timer = time.CreateTimer(_ => LookInBackground(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookNow();
        _timer.Change(Regularly, Regularly);
    }

    /// <summary>Rings when a change was noticed, once the snapshot shows it.</summary>
    public Arrivals Changes { get; } = new();

    /// <summary>The certificates of the moment.</summary>
    public CertificateSnapshot<T> Snapshot => _snapshot;

    /// <summary>Grows with every change of the snapshot.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Looks at all files now; those that did not change are not read again.</summary>
    public void LookNow()
    {
        // Those who are told look at the snapshot, and may take their time: not under the lock.
        if (Look())
        {
            Changes.Announce();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        lock (_looking)
        {
            _disposed = true;
            foreach (var watcher in _watchers.Values)
            {
                watcher.Dispose();
            }

            _watchers.Clear();
        }
    }

    private bool Look()
    {
        lock (_looking)
        {
            if (_disposed)
            {
                return false;
            }

            // Watch before reading, or a change in between would be missed.
            Interlocked.Exchange(ref _lookIsDue, 0);
            Watch();
            var listProblems = new List<SourceProblem>();
            var files = _plan.List(listProblems);
            var known = Refresh(files);
            var isChanged = !listProblems.SequenceEqual(_listProblems) || !HoldsTheSame(known);
            if (isChanged)
            {
                _snapshot = CertificateSnapshot<T>.Of([.. files.Select(file => known[file.Path].Reading)], listProblems);
                Interlocked.Increment(ref _version);
            }

            _known = known;
            _listProblems = listProblems;
            return isChanged;
        }
    }

    private bool HoldsTheSame(Dictionary<string, KnownFile<T>> known)
        => Version > 0 && known.Count == _known.Count
            && known.All(pair => _known.TryGetValue(pair.Key, out var before) && ReferenceEquals(before.Reading, pair.Value.Reading));

    private Dictionary<string, KnownFile<T>> Refresh(IReadOnlyList<WatchedFile> files)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return files
            .AsParallel()
            .AsOrdered()
            .Select(file => (file.Path, Known: Refresh(file, _known.GetValueOrDefault(file.Path), now)))
            .ToDictionary(pair => pair.Path, pair => pair.Known, StringComparer.Ordinal);
    }

    private KnownFile<T> Refresh(WatchedFile file, KnownFile<T>? before, DateTime now)
    {
        try
        {
            // The stamp is taken before reading: a change during the reading makes the next stamp differ.
            var stamp = file.Stamp();
            if (before?.Stamp == stamp)
            {
                return before;
            }

            var contents = file.ReadAll();
            var isSettled = (now - File.GetLastWriteTimeUtc(file.Path)).Duration() > StampResolution;
            var digest = Digest(contents);
            return before?.Digest == digest
                ? before with { Stamp = isSettled ? stamp : null }
                : new KnownFile<T>(isSettled ? stamp : null, digest, Keep(before, _plan.Read(file, contents)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var problem = Unreadable(file, exception);
            return before is not null && before.Reading.Problems.Contains(problem)
                ? before with { Stamp = null, Digest = "" }
                : new KnownFile<T>(null, "", Keep(before, FileReading<T>.Failed(problem)));
        }
    }

    // A file that is broken, perhaps because it is only half written, takes no working certificate away.
    private static FileReading<T> Keep(KnownFile<T>? before, FileReading<T> now)
        => before is not null && now.Held.Count == 0 && now.Problems.Count > 0
            ? now with { Held = before.Reading.Held, Others = before.Reading.Others }
            : now;

    private SourceProblem Unreadable(WatchedFile file, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new SourceProblem(_plan.Source, file.Path, "the file does not exist", "Put it there, or correct the path"),
        UnauthorizedAccessException =>
            new SourceProblem(_plan.Source, file.Path, "the gateway's user may not read the file", "Give the user the right to read it"),
        _ => new SourceProblem(_plan.Source, file.Path, $"the file cannot be read: {exception.Message}", "Check the file and its disk"),
    };

    private static string Digest(IReadOnlyList<byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents)
        {
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private void Watch()
    {
        foreach (var folder in _plan.Folders)
        {
            if (!Directory.Exists(folder))
            {
                // Gone, perhaps to come back: a new watcher is needed then.
                if (_watchers.Remove(folder, out var stale))
                {
                    stale.Dispose();
                }
            }
            else if (!_watchers.ContainsKey(folder))
            {
                TryWatch(folder);
            }
        }
    }

    private void TryWatch(string folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime,
            };
            watcher.Changed += (_, _) => LookSoon();
            watcher.Created += (_, _) => LookSoon();
            watcher.Deleted += (_, _) => LookSoon();
            watcher.Renamed += (_, _) => LookSoon();
            watcher.Error += (_, _) => LookSoon();
            watcher.EnableRaisingEvents = true;
            _watchers[folder] = watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // The system has no more watches to give; looking at regular times remains.
        }
    }

    private void LookSoon()
    {
        // The first of many notifications sets the time, so that a steady stream of them cannot put it off.
        if (Interlocked.Exchange(ref _lookIsDue, 1) == 0)
        {
            _timer.Change(Settling, Regularly);
        }
    }

    private void LookInBackground()
    {
        try
        {
            LookNow();
        }
#pragma warning disable CA1031 // The last door of a background loop: the snapshot stays as it is, and the next look may succeed.
        catch (Exception)
#pragma warning restore CA1031
        {
            Interlocked.Exchange(ref _lookIsDue, 0);
        }
    }
}
