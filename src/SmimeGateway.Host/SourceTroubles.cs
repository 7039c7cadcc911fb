using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Host;

/// <summary>
/// Tells the log about files of certificates and keys that cannot be read, each once as long as it stays so: whoever puts a damaged file
/// into a folder looks there for the reason why mail goes on waiting.
/// </summary>
internal sealed partial class SourceTroubles : IDisposable
{
    // As often as files are looked at.
    private static readonly TimeSpan Regularly = TimeSpan.FromSeconds(10);

    /// <summary>What it means that certificates may lie behind what cannot be read.</summary>
    public const string Consequence =
        "Until it can be read, the sender of mail that needs a certificate and finds none elsewhere is told to try again later (451 4.4.3).";

    private readonly Func<IEnumerable<(string Kind, SourceProblem Problem)>> _look;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private HashSet<string> _told = [];

    /// <summary>Tells what is wrong now, and from now on what becomes wrong.</summary>
    /// <param name="look">What is wrong, and what kind of certificates it is about.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told.</param>
    public SourceTroubles(Func<IEnumerable<(string Kind, SourceProblem Problem)>> look, TimeProvider time, ILogger log)
    {
        _look = look;
        _log = log;
        Tell();
        _timer = time.CreateTimer(_ => Tell(), null, Regularly, Regularly);
    }

    /// <summary>Tells what became wrong.</summary>
    public void Tell()
    {
        lock (_gate)
        {
            try
            {
                TellNews();
            }
#pragma warning disable CA1031 // The last door of a background loop: what cannot be looked at now may be at the next look, and a timer that throws ends the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                NotLooked(_log, exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void TellNews()
    {
        var now = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (kind, problem) in _look())
        {
            if (now.Add(problem.ToString()) && !_told.Contains(problem.ToString()))
            {
                var consequence = problem.Conceals ? $". {Consequence.TrimEnd('.')}" : string.Empty;
                Trouble(_log, kind, problem.ToString(), consequence);
            }
        }

        _told = now;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind}: {Problem}{Consequence}")]
    private static partial void Trouble(ILogger log, string kind, string problem, string consequence);

    [LoggerMessage(Level = LogLevel.Error, Message = "The sources of certificates could not be looked at, and are looked at again")]
    private static partial void NotLooked(ILogger log, Exception exception);
}
