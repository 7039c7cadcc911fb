using Microsoft.Extensions.Logging;
using SmimeGateway.Host.Admin;

namespace SmimeGateway.Host;

/// <summary>Tells the log about certificates that end soon or have ended: at the start, and once a day for as long as it is so.</summary>
internal sealed partial class ExpiryWatch : IDisposable
{
    // Who has thousands that end sees the kind of trouble in the first of them.
    private const int MaxNamed = 20;

    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    private readonly Func<IReadOnlyList<CertificateEnd>> _look;
    private readonly ILogger _log;
    private readonly ITimer _timer;

    /// <summary>Tells what ends now, and from now on each day.</summary>
    /// <param name="look">What ends soon, or has.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told.</param>
    public ExpiryWatch(Func<IReadOnlyList<CertificateEnd>> look, TimeProvider time, ILogger log)
    {
        _look = look;
        _log = log;
        Tell();
        _timer = time.CreateTimer(_ => Tell(), null, Daily, Daily);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        try
        {
            var ends = _look();
            foreach (var end in ends.Take(MaxNamed))
            {
                var sentence = end.Sentence;
                Ends(_log, sentence);
            }

            if (ends.Count > MaxNamed)
            {
                MoreEnd(_log, ends.Count - MaxNamed);
            }
        }
#pragma warning disable CA1031 // The last door of a background loop: a timer that throws ends the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotLooked(_log, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Certificate: {Sentence}")]
    private static partial void Ends(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} more certificates end soon, or have; \"smimegateway cert list\" lists all")]
    private static partial void MoreEnd(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificates could not be looked at, and are looked at again tomorrow")]
    private static partial void NotLooked(ILogger log, Exception exception);
}
