using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>
/// Keeps a trust store, and reads it again when one of its files comes, changes or goes: an administrator who adds a root need not restart.
/// Nothing is read before somebody asks.
/// </summary>
public sealed class TrustWatch : IAsyncDisposable
{
    private readonly IReadOnlyList<string> _paths;
    private readonly Func<TrustStore> _load;
    private readonly Action? _acceptLoss;
    private readonly TimeProvider _time;
    private readonly Lookout _lookout;
    private readonly Lock _gate = new();
    private volatile TrustStore? _current;
    private string? _stamp;
    private readonly TrustStore? _former;
    private bool _isLossAccepted;
    private bool _isNews;
    private volatile bool _isDisposed;

    /// <summary>Watches files, and folders of files, from the first use on.</summary>
    /// <param name="paths">What the store is read from.</param>
    /// <param name="load">Reads the store.</param>
    /// <param name="time">The clock.</param>
    /// <param name="acceptLoss">Has whoever remembers what was read forget what went away, before the store is read again.</param>
    /// <param name="patience">How long a file may keep a look waiting, if not as long as usual.</param>
    /// <param name="former">What was read of the same files before, which counts while they do not answer.</param>
    public TrustWatch(
        IReadOnlyList<string> paths, Func<TrustStore> load, TimeProvider time, Action? acceptLoss = null, TimeSpan? patience = null, TrustStore? former = null)
    {
        _former = former;
        _paths = paths;
        _load = load;
        _time = time;
        _acceptLoss = acceptLoss;
        _lookout = new Lookout(
            Look, time, patience: patience, stuck: () => Tell("its files do not answer: perhaps a share hangs", "Look at its mount; nothing needs to be done here once it answers"), ended: Announce);
    }

    /// <summary>Rings when another store has taken the place of the old one.</summary>
    public Arrivals Changes { get; } = new();

    /// <summary>The store of the moment.</summary>
    public TrustStore Current => _current ?? First();

    /// <summary>The store of the moment, if anybody ever asked for it.</summary>
    public TrustStore? Known => _current ?? _former;

    /// <summary>Looks at the files now, if anybody ever asked for the store.</summary>
    public void LookNow()
    {
        if (_current is not null)
        {
            _lookout.Look();
        }
    }

    /// <summary>Takes what went away for withdrawn.</summary>
    public void AcceptLoss()
    {
        // What nobody has seen go is not meant.
        if (_current is null || _lookout.Look())
        {
            Volatile.Write(ref _isLossAccepted, true);
            LookNow();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return _lookout.DisposeAsync();
    }

    private TrustStore First()
    {
        _lookout.Begin();
        _lookout.Look();

        // After the end nobody looks any more. Else a look broke off: what was not read is not empty.
        if (_current is null && !_isDisposed)
        {
            Tell("they could not be looked at", "Look at their folder; they are looked at again by themselves");
        }

        return _current ?? _load();
    }

    private void Look()
    {
        // The stamps are taken before reading: a change during the reading makes the next ones differ.
        var stamps = Stamps();
        var isSame = _stamp == TextOf(stamps);
        var isLossAccepted = Interlocked.Exchange(ref _isLossAccepted, false);
        if (_current is { Problems.Count: 0 } && isSame && !isLossAccepted)
        {
            return;
        }

        if (isLossAccepted)
        {
            _acceptLoss?.Invoke();
        }

        // What could not be read is tried at every look: rights that are given to a folder above it do not change its stamp. And a stamp
        // may never settle, such as that of a folder that cannot be listed.
        var next = _load();
        _stamp = Settle(stamps);
        _isNews |= Keep(next);
    }

    private void Announce()
    {
        if (_isNews)
        {
            _isNews = false;
            Changes.Announce();
        }
    }

    // Nobody is told of the first one: it takes the place of none.
    private bool Keep(TrustStore next)
    {
        lock (_gate)
        {
            var before = _current;
            if (before is null || !next.IsAlike(before))
            {
                _current = next;
            }

            return before is not null && !ReferenceEquals(_current, before);
        }
    }

    private void Tell(string reason, string remedy)
    {
        var problem = new SourceProblem("trust", _paths is [var path, ..] ? path : "roots", reason, remedy);
        lock (_gate)
        {
            _current = (_current ?? _former ?? new TrustStore([], [])).With(problem);
        }
    }

    private FileStamp[] Stamps() => [.. _paths.Select(TrustFiles.StampOf)];

    // What changes this moment is looked at again.
    private string? Settle(FileStamp[] before)
        => before.Zip(Stamps()).All(pair => pair.First.IsSettled(pair.Second, _time.GetUtcNow())) ? TextOf(before) : null;

    private static string TextOf(FileStamp[] stamps) => string.Join('\n', stamps.Select(stamp => stamp.Text));
}
