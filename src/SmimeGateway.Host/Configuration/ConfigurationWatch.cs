using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Host.Configuration.Watching;

namespace SmimeGateway.Host.Configuration;

/// <summary>
/// Notices within two seconds that the configuration file was saved. A valid version is handed over as a whole; an invalid one is
/// reported and the one before it stays.
/// </summary>
internal sealed class ConfigurationWatch
{
    // Two looks find a change, and a third finds a broken file unchanged: still within two seconds.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // A file system's clock ticks every few milliseconds; two writes of one length within a tick look like one for good.
    private static readonly TimeSpan ClockTick = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly Action<ConfigurationChange> _changed;
    private readonly Action<IReadOnlyList<ConfigurationError>> _rejected;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    private GatewayOptions _options;
    private ConfigurationNode _document;
    private byte[]? _current;
    private byte[]? _reported;
    private byte[]? _suspected;
    private (DateTime Written, long Length)? _settled;
    private bool _isMissing;

    /// <summary>Watches a file.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="running">What was loaded from it at start; without errors.</param>
    /// <param name="changed">Takes a new version. Called for one version at a time.</param>
    /// <param name="rejected">Takes the errors of a version that is not used, once for each.</param>
    /// <param name="time">Paces the looks.</param>
    public ConfigurationWatch(
        string path,
        LoadResult running,
        Action<ConfigurationChange> changed,
        Action<IReadOnlyList<ConfigurationError>> rejected,
        TimeProvider time)
    {
        _options = running.Options ?? throw new ArgumentException("The running configuration has errors.", nameof(running));
        _document = running.Document!;
        _path = path;
        _changed = changed;
        _rejected = rejected;
        _time = time;
    }

    /// <summary>
    /// Looks again and again until cancelled. Looking costs little, and sees what notifications miss: network file systems, bind mounts,
    /// and folders swapped by a link.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops; there is nothing to put in order.
        }
    }

    /// <summary>
    /// Takes the file as it is now, and reports its errors even if they were reported before: somebody asked. False when it has any.
    /// </summary>
    public bool LookNow()
    {
        lock (_lock)
        {
            _reported = null;
            _settled = null;
            Look(isPatient: false);
            return _reported is null;
        }
    }

    /// <summary>
    /// Looks once. A version with errors is reported only when a second look finds the same bytes: editors and copies take a moment to
    /// write a file, and half of one is no news.
    /// </summary>
    public void Look()
    {
        lock (_lock)
        {
            Look(isPatient: true);
        }
    }

    private void Look(bool isPatient)
    {
        // Asked before reading: a write in between makes the next stamp another one.
        var stamp = ConfigurationFile.FindStamp(_path);
        if (stamp is not null && stamp == _settled)
        {
            return;
        }

        var isSettled = ReadFile(isPatient);
        var isOld = stamp is not null && _time.GetUtcNow().UtcDateTime - stamp.Value.Written > ClockTick;
        _settled = isSettled && isOld ? stamp : null;
    }

    // True when the same bytes need no other look.
    private bool ReadFile(bool isPatient)
    {
        if (ConfigurationFile.TryRead(_path, out var bytes) is { } flaw)
        {
            LookAtMissing(flaw, isPatient);
            return false;
        }

        _isMissing = false;
        if (IsSame(bytes, _current))
        {
            _reported = null;
            _suspected = null;
            return true;
        }

        if (IsSame(bytes, _reported))
        {
            return true;
        }

        var result = ConfigurationLoader.Load(_path, bytes);
        if (result.Options is not null)
        {
            TakeOver(result, bytes);
            return true;
        }

        if (isPatient && !IsSame(bytes, _suspected))
        {
            _suspected = bytes;
            return false;
        }

        _reported = bytes;
        _rejected(result.Errors);
        return true;
    }

    // Saving by renaming leaves no gap, but some editors remove the file first: only one that stays away is reported.
    private void LookAtMissing(Flaw flaw, bool isPatient)
    {
        byte[] nothing = [];
        if (!isPatient || (_isMissing && !IsSame(nothing, _reported)))
        {
            _reported = nothing;
            _rejected([new ConfigurationError(_path, 0, 0, string.Empty, string.Empty, flaw.Problem, "The gateway goes on with the configuration it has.")]);
        }

        _isMissing = true;
    }

    private void TakeOver(LoadResult result, byte[] bytes)
    {
        var differences = ConfigurationDifference.Between(_document, result.Document!);
        var change = new ConfigurationChange(result.Options!, differences, RestartCheck.Compare(_options, result.Options!), result.Warnings);
        _current = bytes;
        _reported = null;
        _suspected = null;
        _options = result.Options!;
        _document = result.Document!;

        // Comments, blanks and the order of keys make another file, not another configuration.
        if (differences.Count > 0)
        {
            _changed(change);
        }
    }

    private static bool IsSame(byte[] bytes, byte[]? others) => others is not null && bytes.AsSpan().SequenceEqual(others);
}
