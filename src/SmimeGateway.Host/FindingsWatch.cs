using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Host.Configuration;

namespace SmimeGateway.Host;

/// <summary>
/// Looks at all that the running configuration names, for whoever asks and at regular times, and tells the log what is new, and once a day what
/// stays so.
/// </summary>
internal sealed partial class FindingsWatch : IAsyncDisposable
{
    // Whoever has thousands that end sees the kind of trouble in the first of them.
    private const int MaxNamed = 20;

    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    private static readonly CheckFinding Hanging = CheckFinding.Warning(
        "the files that the configuration names", "They do not answer: perhaps a share hangs. What is said of them may be old.");

    private readonly Func<IEnumerable<CheckFinding>> _known;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lookout _lookout;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private Dictionary<CheckFinding, DateTimeOffset> _told = [];
    private IReadOnlyList<CheckFinding> _lastKnown = [];
    private volatile IReadOnlyList<CheckFinding> _seen = [];

    /// <summary>Prepares looks.</summary>
    /// <param name="known">What is known without a look.</param>
    /// <param name="look">What a look finds, which a hanging share may keep.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told.</param>
    public FindingsWatch(Func<IEnumerable<CheckFinding>> known, Func<IEnumerable<CheckFinding>> look, TimeProvider time, ILogger log)
    {
        (_known, _time, _log) = (known, time, log);
        _lookout = new Lookout(() => _seen = Try(look, _seen), time);
        _timer = time.CreateTimer(_ => _ = LookAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks now, and at regular times from then on; waits for nothing.</summary>
    public void LookSoon() => _timer.Change(TimeSpan.Zero, Lookout.Regularly);

    /// <summary>What is wrong as of now, errors first, in sentences, up to a number that a screen holds.</summary>
    public async Task<IReadOnlyList<string>> ListAsync()
    {
        var found = await LookAsync();
        return found.Count <= MaxNamed
            ? [.. found.Select(finding => finding.Sentence)]
            : [.. found.Take(MaxNamed).Select(finding => finding.Sentence), $"{found.Count - MaxNamed} more like these; \"smimegateway check\" lists all."];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _lookout.DisposeAsync();
    }

    // What hangs keeps nobody from the rest: the wait for files has a thread of its own, as those of the pool are for mail.
    private async Task<List<CheckFinding>> LookAsync()
    {
        bool isOver;
        try
        {
            isOver = await Task.Factory.StartNew(_lookout.Look, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (TaskSchedulerException)
        {
            // The system has no more threads to give; the look itself then gets none either.
            isOver = false;
        }

        CheckFinding[] hanging = isOver ? [] : [Hanging];

        // All of it in one turn: what was found earlier and told later would undo what was told.
        lock (_gate)
        {
            _lastKnown = Try(_known, _lastKnown);
            var found = hanging.Concat(_lastKnown).Concat(_seen)
                .Where(finding => finding.Severity != CheckSeverity.Good)
                .Distinct()
                .OrderByDescending(finding => finding.Severity)
                .ToList();
            TellNews(found, _time.GetUtcNow());
            return found;
        }
    }

    private IReadOnlyList<CheckFinding> Try(Func<IEnumerable<CheckFinding>> find, IReadOnlyList<CheckFinding> otherwise)
    {
        try
        {
            return [.. find()];
        }
#pragma warning disable CA1031 // The last door of a background loop: what cannot be looked at now may be at the next look.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotLooked(_log, exception);
            return otherwise;
        }
    }

    private void TellNews(List<CheckFinding> found, DateTimeOffset now)
    {
        var former = _told;
        var news = found.Where(finding => !former.TryGetValue(finding, out var told) || now - told >= Daily).ToList();
        _told = found.ToDictionary(finding => finding, finding => news.Contains(finding) ? now : former[finding]);
        foreach (var finding in news.Take(MaxNamed))
        {
            var sentence = finding.Sentence.TrimEnd('.');
            Found(_log, finding.Severity == CheckSeverity.Error ? LogLevel.Error : LogLevel.Warning, sentence);
        }

        if (news.Count > MaxNamed)
        {
            FoundMore(_log, news.Count - MaxNamed);
        }

        foreach (var subject in former.Keys.Select(finding => finding.Subject).Except(found.Select(finding => finding.Subject)))
        {
            Mended(_log, subject);
        }
    }

    [LoggerMessage(Message = "{Finding}")]
    private static partial void Found(ILogger log, LogLevel level, string finding);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} more like these; \"smimegateway check\" lists all")]
    private static partial void FoundMore(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Subject}: no longer wrong")]
    private static partial void Mended(ILogger log, string subject);

    [LoggerMessage(Level = LogLevel.Error, Message = "What the configuration names could not be looked at, and is looked at again")]
    private static partial void NotLooked(ILogger log, Exception exception);
}
