using Microsoft.Extensions.Logging;

namespace SmimeGateway.Host;

/// <summary>
/// Tells the log about files of certificates and keys that cannot be read, each once as long as it stays so: whoever puts a damaged file
/// into a folder looks there for the reason why mail goes on waiting.
/// </summary>
internal sealed partial class SourceTroubles : IDisposable
{
    // As often as files are looked at.
    private static readonly TimeSpan Regularly = TimeSpan.FromSeconds(10);

    private readonly GatewayServices _services;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private HashSet<string> _told = [];

    /// <summary>Tells what is wrong now, and from now on what becomes wrong.</summary>
    public SourceTroubles(GatewayServices services, ILogger log)
    {
        _services = services;
        _log = log;
        Tell();
        services.Configuration.Partners.OnArrival(Tell);
        _timer = TimeProvider.System.CreateTimer(_ => Tell(), null, Regularly, Regularly);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        lock (_gate)
        {
            var configuration = _services.Configuration;
            var now = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (kind, problem) in configuration.Sources.Problems.Select(problem => ("Own certificates", problem))
                .Concat(configuration.Partners.Problems.Select(problem => ("Certificates of partners", problem))))
            {
                if (now.Add(problem.ToString()) && !_told.Contains(problem.ToString()))
                {
                    var consequence = problem.Conceals ? " Until it can be read, mail that needs a certificate and finds none elsewhere waits" : string.Empty;
                    Trouble(_log, kind, problem.ToString(), consequence);
                }
            }

            _told = now;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind}: {Problem}.{Consequence}")]
    private static partial void Trouble(ILogger log, string kind, string problem, string consequence);
}
