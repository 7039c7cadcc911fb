using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>
/// Keeps a trust store, and reads it again when one of its files comes, changes or goes: an administrator who adds a root need not restart.
/// Nothing is read before somebody asks.
/// </summary>
public sealed class TrustWatch : IAsyncDisposable
{
    private static readonly TimeSpan Regularly = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<string> _paths;
    private readonly Func<TrustStore> _load;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _looking = new();
    private volatile TrustStore? _current;
    private string? _stamp;
    private bool _disposed;

    /// <summary>Watches files, and folders of files, from the first use on.</summary>
    /// <param name="paths">What the store is read from.</param>
    /// <param name="load">Reads the store.</param>
    /// <param name="time">The clock.</param>
    public TrustWatch(IReadOnlyList<string> paths, Func<TrustStore> load, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _paths = paths;
        _load = load;
        _time = time;
        _timer = time.CreateTimer(_ => LookInBackground(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rings when another store has taken the place of the old one.</summary>
    public Arrivals Changes { get; } = new();

    /// <summary>The store of the moment.</summary>
    public TrustStore Current => _current ?? First();

    /// <summary>Looks at the files now.</summary>
    public void LookNow()
    {
        lock (_looking)
        {
            // The stamps are taken before reading: a change during the reading makes the next ones differ.
            var stamps = Stamps();
            var isSame = _stamp == TextOf(stamps);
            if (_current is null || _disposed || (isSame && _current.Problems.Count == 0))
            {
                return;
            }

            // What could not be read is tried at every look: rights that are given to a folder above it do not change its stamp. And a stamp
            // may never settle, such as that of a folder that cannot be listed.
            var next = _load();
            _stamp = Settle(stamps);
            if (next.IsAlike(_current))
            {
                return;
            }

            _current = next;
        }

        Changes.Announce();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        lock (_looking)
        {
            _disposed = true;
        }
    }

    private TrustStore First()
    {
        lock (_looking)
        {
            if (_current is null)
            {
                var stamps = Stamps();
                _current = _load();
                _stamp = Settle(stamps);
                if (!_disposed)
                {
                    _timer.Change(Regularly, Regularly);
                }
            }

            return _current;
        }
    }

    private FileStamp[] Stamps() => [.. _paths.Select(TrustFiles.StampOf)];

    // What changes this moment is looked at again.
    private string? Settle(FileStamp[] before)
        => before.Zip(Stamps()).All(pair => pair.First.IsSettled(pair.Second, _time.GetUtcNow())) ? TextOf(before) : null;

    private static string TextOf(FileStamp[] stamps) => string.Join('\n', stamps.Select(stamp => stamp.Text));

    private void LookInBackground()
    {
        try
        {
            LookNow();
        }
#pragma warning disable CA1031 // The last door of a background loop: the store stays as it is, and the next look may succeed.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Such as a folder that went away between two calls. What is wrong with files is in the store's problems.
        }
    }
}
