using System.Security.Cryptography;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Finding;

/// <summary>
/// Keeps a snapshot of the certificates in some files, and replaces it as a whole when a file comes, changes or goes.
/// </summary>
internal sealed class FileWatch<T> : IAsyncDisposable
    where T : IHeldCertificate<T>
{
    private readonly FileWatchPlan<T> _plan;
    private readonly TimeProvider _time;
    private readonly Lookout _lookout;
    private readonly Lock _gate = new();
    private Dictionary<string, KnownFile<T>> _known = new(StringComparer.Ordinal);
    private IReadOnlyList<SourceProblem> _listProblems = [];
    private string? _identity;
    private int _lost;
    private bool _isLossMeant;
    private volatile CertificateSnapshot<T> _snapshot = CertificateSnapshot<T>.Empty;
    private bool _isLossAccepted;
    private bool _isDisposed;
    private bool _isNews;

    /// <summary>Reads all files, side by side, and watches them from then on.</summary>
    /// <param name="plan">Which files they are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="patience">How long a file may keep a look waiting, if not as long as usual.</param>
    public FileWatch(FileWatchPlan<T> plan, TimeProvider time, TimeSpan? patience = null)
    {
        _plan = plan;
        _time = time;
        _lookout = new Lookout(
            Look, time, patience: patience, stuck: () => Tell("its files do not answer: perhaps a share hangs", "Look at its mount; nothing needs to be done here once it answers"), ended: Announce);
        _lookout.Begin();
        LookNow();
        if (Version == 0)
        {
            // What was not read is not empty.
            Tell("it could not be looked at", "Look at its folder; it is looked at again by itself");
        }
    }

    /// <summary>Rings when a change was noticed, once the snapshot shows it.</summary>
    public Arrivals Changes { get; } = new();

    /// <summary>The certificates of the moment.</summary>
    public CertificateSnapshot<T> Snapshot => _snapshot;

    /// <summary>The name of the source.</summary>
    public string Source => _plan.Source;

    /// <summary>Grows with every change of the snapshot.</summary>
    public long Version => _snapshot.Number;

    /// <summary>Looks at all files now; those that did not change are not read again. What does not answer is a problem of the source.</summary>
    public void LookNow() => _lookout.Look();

    /// <summary>A folder that became empty is meant to be.</summary>
    public void AcceptLoss()
    {
        // What went a moment ago counts too.
        if (_lookout.Look())
        {
            // What nobody has seen go is not meant.
            Volatile.Write(ref _isLossAccepted, true);
            LookNow();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        return _lookout.DisposeAsync();
    }

    private void Look()
    {
        _lookout.Watch(_plan.Folders);
        var listProblems = new List<SourceProblem>();
        var stamp = FileStamp.Of([], _plan.Folders[0]);
        var known = TryRead(listProblems);
        _isLossMeant |= Interlocked.Exchange(ref _isLossAccepted, false) && _lost > 0;
        ComplainOfLoss(known, stamp, listProblems);
        if (_isLossMeant || known.Values.Any(file => file.IsShrinking))
        {
            // What somebody waits for is looked at once it may be whole.
            _lookout.LookIn(FileStamp.Settling + Lookout.Settling);
        }

        _isNews |= Keep(known, listProblems);
    }

    // Those who are told look at the snapshot, and may take their time.
    private void Announce()
    {
        if (_isNews)
        {
            _isNews = false;
            Changes.Announce();
        }
    }

    private bool Keep(Dictionary<string, KnownFile<T>> known, List<SourceProblem> listProblems)
    {
        lock (_gate)
        {
            var isChanged = !_isDisposed && (!listProblems.SequenceEqual(_listProblems) || !HoldsTheSame(known));
            if (isChanged)
            {
                _snapshot = CertificateSnapshot<T>.Of(Version + 1, ReadingsOf(known), listProblems);
            }

            (_known, _listProblems) = (known, listProblems);
            return isChanged;
        }
    }

    // What was read of the files before remains; whoever is not found in it may be in what cannot be read.
    private void Tell(string reason, string remedy)
    {
        lock (_gate)
        {
            _listProblems = [new SourceProblem(_plan.Source, _plan.Folders[0], reason, remedy)];
            _snapshot = CertificateSnapshot<T>.Of(Version + 1, ReadingsOf(_known), _listProblems);
        }
    }

    private static FileReading<T>[] ReadingsOf(Dictionary<string, KnownFile<T>> known) =>
        [.. known.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Value.Reading)];

    // What nobody foresaw is no reason to go on with what was known as if it were all there is, nor not to start.
    private Dictionary<string, KnownFile<T>> TryRead(List<SourceProblem> problems)
    {
        try
        {
            return List(problems) is { } files ? Refresh(files) : _known;
        }
#pragma warning disable CA1031 // What nobody foresaw is told like what cannot be read; what was known stays.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var cause = (exception as AggregateException)?.InnerException ?? exception;
            problems.Add(new SourceProblem(
                _plan.Source, _plan.Folders[0], $"it could not be looked at: {PrintableText.Of(cause.Message)}", "Look at its files: one of them may be of a kind that nobody foresaw"));
            return _known;
        }
    }

    /// <summary>The files of the moment; null when they cannot be listed, so that what is known of them remains.</summary>
    private IReadOnlyList<WatchedFile>? List(List<SourceProblem> problems)
    {
        // Told before and after, or a share that is unmounted meanwhile would pass for its mount point.
        var folder = _plan.Folders[0];
        var identity = FileStatus.IdentityOf(folder);
        var files = _plan.List(problems);
        if (files is null || (files.Count == 0 && identity != FileStatus.IdentityOf(folder)))
        {
            return null;
        }

        if (files.Count > 0)
        {
            _identity = identity;
        }
        else if (_known.Count > 0 && identity != _identity)
        {
            problems.Add(new SourceProblem(
                _plan.Source, folder, "the folder is empty, and not the one that was read before: perhaps a share is not mounted", "Mount it; if there are to be no files, restart the gateway"));
            return null;
        }

        // Whoever withdraws a certificate deletes its file. That the last one goes may be the middle of an exchange, or an accident.
        _lost = files.Count == 0 && _known.Count > 0 ? _known.Count : _lost;
        return files;
    }

    // It ends with files that came, or with the word of the administrator, and neither in the middle of an exchange.
    private void ComplainOfLoss(Dictionary<string, KnownFile<T>> known, FileStamp before, List<SourceProblem> problems)
    {
        var folder = _plan.Folders[0];
        if (_lost > 0 && before.IsSettled(FileStamp.Of([], folder), _time.GetUtcNow())
            && (known.Count > 0 ? known.Values.All(file => file.Stamp is not null) : _isLossMeant))
        {
            _lost = 0;
        }

        _isLossMeant &= _lost > 0;
        if (_lost > 0)
        {
            problems.Add(new SourceProblem(
                _plan.Source, folder, _lost == 1 ? "it became empty: its last file went" : $"it became empty: all of its {_lost} files went at once", "Put back those that are still good; if there are to be none, reload the gateway (SIGHUP)"));
        }
    }

    private bool HoldsTheSame(Dictionary<string, KnownFile<T>> known)
        => Version > 0 && known.Count == _known.Count
            && known.All(pair => _known.TryGetValue(pair.Key, out var before) && ReferenceEquals(before.Reading, pair.Value.Reading));

    private Dictionary<string, KnownFile<T>> Refresh(IReadOnlyList<WatchedFile> files) => files
        .AsParallel()
        .AsOrdered()
        .Select(file => (file.Path, Known: Refresh(file, _known.GetValueOrDefault(file.Path))))
        .ToDictionary(pair => pair.Path, pair => pair.Known, StringComparer.Ordinal);

    private KnownFile<T> Refresh(WatchedFile file, KnownFile<T>? before)
    {
        var current = file.Path;
        try
        {
            // The stamp is taken before reading: a change during the reading makes the next stamp differ.
            _lookout.Move();
            var stamp = file.Stamp();
            if (before?.Stamp == stamp.Text)
            {
                return before;
            }

            var contents = file.ReadAll(ref current);
            var settled = stamp.IsSettled(file.Stamp(), _time.GetUtcNow()) ? stamp.Text : null;
            var digest = Digest(contents);
            return before?.Digest == digest && !(before.IsShrinking && settled is not null)
                ? before with { Stamp = settled }
                : Take(file.Path, before, new KnownFile<T>(settled, digest, _plan.Read(file, contents)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var problem = Unreadable(current, exception);
            return before is not null && before.Reading.Problems.Contains(problem)
                ? before with { Stamp = null, Digest = "" }
                : new KnownFile<T>(null, "", Keep(before, FileReading<T>.Failed(problem) with { IsGone = WatchedFile.IsGone(file.Path) })) { Whole = before?.Whole };
        }
    }

    private KnownFile<T> Take(string path, KnownFile<T>? before, KnownFile<T> now)
    {
        var kept = Keep(before, now.Reading);
        var whole = before?.Whole;
        if (kept.Problems.Any(problem => problem.Conceals))
        {
            return now with { Reading = kept, Whole = whole };
        }

        if (now.Stamp is not null || whole is null || !IsFewer(whole, kept))
        {
            return now with { Reading = kept, Whole = kept };
        }

        // Until the file is some seconds old, nothing is taken for missing in it, however many halves of it were read before.
        var problem = new SourceProblem(_plan.Source, path, "it was changed a moment ago and holds less than before", "Nothing needs to be done");
        return now with { Reading = kept with { Problems = [.. kept.Problems, problem] }, IsShrinking = true, Whole = whole };
    }

    // Renewed certificates are others, and as many: of several for one mailbox the only good one may stand behind the cut, as may an issuer.
    private static bool IsFewer(FileReading<T> before, FileReading<T> now)
    {
        var counted = now.Held.SelectMany(held => held.Traits.AddressKeys).CountBy(key => key).ToDictionary(StringComparer.Ordinal);
        return now.Others.Count < before.Others.Count
            || before.Held.SelectMany(held => held.Traits.AddressKeys).CountBy(key => key).Any(key => counted.GetValueOrDefault(key.Key) < key.Value);
    }

    // A file that is broken, perhaps because it is only half written, takes no working certificate away; nor does one in which nothing
    // of what it held is left. Whoever withdraws a certificate deletes its file.
    private FileReading<T> Keep(KnownFile<T>? before, FileReading<T> now)
        => now.IsGone || now.Held.Count > 0 || before?.Reading is not { Held: [var held, ..] } last ? now
            : now with { Held = last.Held, Others = last.Others, Problems = [.. now.Problems, .. Emptied(held.Location, now)] };

    private IEnumerable<SourceProblem> Emptied(string file, FileReading<T> now)
    {
        if (!now.Problems.Any(problem => problem.Conceals))
        {
            yield return new SourceProblem(_plan.Source, file, "nothing is left in it of what it held", "Put it back, or delete the file to withdraw its certificates");
        }
    }

    private SourceProblem Unreadable(string path, Exception exception) => exception switch
    {
        _ when Directory.Exists(path) =>
            new SourceProblem(_plan.Source, path, "a folder stands where the file should be", _plan.Naming.NameFile()),
        FileNotFoundException or DirectoryNotFoundException when path.Contains('\uFFFD', StringComparison.Ordinal) =>
            new SourceProblem(_plan.Source, path, "its name is no UTF-8, so that it cannot be opened", "Rename it, or take it away"),
        FileNotFoundException or DirectoryNotFoundException =>
            new SourceProblem(_plan.Source, path, "the file does not exist", "Put it there, or correct the path"),
        UnauthorizedAccessException =>
            new SourceProblem(_plan.Source, path, "the gateway's user may not read the file", "Give the user the right to read it"),
        _ => new SourceProblem(_plan.Source, path, $"the file cannot be read: {FileHindrance.Of(exception)}", "Check the file and its disk"),
    };

    private static string Digest(IReadOnlyList<byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents)
        {
            hash.AppendData(BitConverter.GetBytes(ReferenceEquals(content, WatchedFile.Absent) ? -1 : content.Length));
            hash.AppendData(content);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
