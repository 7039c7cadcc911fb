using SmimeGateway.Certificates.Files;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Host.Configuration.Watching;

namespace SmimeGateway.Host.Configuration;

/// <summary>
/// Notices that the configuration file was saved. A valid version is handed over as a whole, and counts as the one in force once it has been
/// put to use; an invalid one is reported and the one before it stays. Looks must not overlap.
/// </summary>
internal sealed class ConfigurationWatch
{
    /// <summary>Between two looks: two find a change, and a third finds a broken file unchanged, still within two seconds.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // What could not be put to use may be for a reason that goes away, such as descriptors that have run out.
    private static readonly TimeSpan SecondTry = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly Func<ConfigurationChange, string?> _apply;
    private readonly Action<IReadOnlyList<ConfigurationError>> _refused;
    private readonly TimeProvider _time;

    private readonly GatewayOptions _started;
    private ConfigurationNode _document;
    private byte[]? _current;
    private byte[]? _reported;
    private byte[]? _suspected;
    private string? _settled;
    private string? _hindrance;
    private byte[]? _hindered;
    private long _triedAt;
    private bool _isMissing;
    private string? _missing;
    private bool _wasRefused;

    /// <summary>Watches a file.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="running">What was loaded from it at start; without errors.</param>
    /// <param name="apply">Puts a new version to use; null when it is in force, else a sentence that says what prevents it.</param>
    /// <param name="refused">Takes the errors of a version that is not used, once for each; none when the file is again what was in force all the time.</param>
    /// <param name="time">The clock.</param>
    public ConfigurationWatch(
        string path,
        LoadResult running,
        Func<ConfigurationChange, string?> apply,
        Action<IReadOnlyList<ConfigurationError>> refused,
        TimeProvider time)
    {
        _started = running.Options ?? throw new ArgumentException("The running configuration has errors.", nameof(running));
        _document = running.Document!;
        _path = path;
        _apply = apply;
        _refused = refused;
        _time = time;
    }

    /// <summary>
    /// Takes the file as it is now, and reports its errors even if they were reported before: somebody asked. False when it has any.
    /// </summary>
    public bool LookNow()
    {
        _wasRefused |= _reported is not null || _hindrance is not null;
        _reported = null;
        _settled = null;
        _hindrance = null;
        Look(isPatient: false);
        return _reported is null && _hindrance is null;
    }

    /// <summary>
    /// Looks once. A version with errors is reported only when a second look finds the same bytes: editors and copies take a moment to
    /// write a file, and half of one is no news.
    /// </summary>
    public void Look() => Look(isPatient: true);

    private void Look(bool isPatient)
    {
        // Asked before reading: a write in between makes the next stamp another one.
        var stamp = FileStamp.Of([_path]);
        if (stamp.Text == _settled)
        {
            return;
        }

        _settled = ReadFile(isPatient) && stamp.IsSettled(FileStamp.Of([_path]), _time.GetUtcNow()) ? stamp.Text : null;
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
            Forgive();
            return true;
        }

        if (IsSame(bytes, _reported))
        {
            return true;
        }

        if (isPatient && IsSame(bytes, _hindered) && _hindrance is not null && _time.GetElapsedTime(_triedAt) < SecondTry)
        {
            return false;
        }

        var result = ConfigurationLoader.Load(_path, bytes);
        if (result.Options is not null)
        {
            return TakeOver(result, bytes);
        }

        if (isPatient && !IsSame(bytes, _suspected))
        {
            _suspected = bytes;
            return false;
        }

        _reported = bytes;
        _hindrance = null;
        _refused(result.Errors);
        return true;
    }

    // Saving by renaming leaves no gap, but some editors remove the file first: only one that stays away is reported.
    private void LookAtMissing(Flaw flaw, bool isPatient)
    {
        byte[] nothing = [];
        if (!isPatient || (_isMissing && (!IsSame(nothing, _reported) || flaw.Problem != _missing)))
        {
            (_reported, _hindrance, _missing) = (nothing, null, flaw.Problem);
            _refused([OfTheFile(flaw.Problem, "The gateway goes on with the configuration it has.")]);
        }

        _isMissing = true;
    }

    private bool TakeOver(LoadResult result, byte[] bytes)
    {
        var differences = ConfigurationDifference.Between(_document, result.Document!);
        var change = new ConfigurationChange(result.Options!, differences, RestartCheck.Compare(_started, result.Options!), result.Warnings);

        // Comments, blanks and the order of keys make another file, not another configuration.
        if (differences.Count > 0 && _apply(change) is { } hindrance)
        {
            (_hindered, _triedAt) = (bytes, _time.GetTimestamp());
            _reported = null;
            if (hindrance != _hindrance)
            {
                _hindrance = hindrance;
                _refused([OfTheFile(hindrance, "The configuration before it stays in force, and this one is tried again every ten seconds.")]);
            }

            return false;
        }

        (_current, _document) = (bytes, result.Document!);
        Forgive(isTold: differences.Count > 0);
        return true;
    }

    private void Forgive(bool isTold = false)
    {
        var wasRefused = _wasRefused || _reported is not null || _hindrance is not null;
        _wasRefused = false;
        (_reported, _suspected, _hindrance, _hindered) = (null, null, null, null);
        if (wasRefused && !isTold)
        {
            _refused([]);
        }
    }

    private ConfigurationError OfTheFile(string problem, string remedy) => new(_path, 0, 0, string.Empty, string.Empty, problem, remedy);

    private static bool IsSame(byte[] bytes, byte[]? others) => others is not null && bytes.AsSpan().SequenceEqual(others);
}
