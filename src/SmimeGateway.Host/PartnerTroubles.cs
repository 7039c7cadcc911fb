using Microsoft.Extensions.Logging;

namespace SmimeGateway.Host;

/// <summary>
/// Tells the log about files of partners that cannot be read, each once as long as it stays so: whoever puts a damaged certificate into the
/// folder looks there for the reason why mail goes on waiting.
/// </summary>
internal sealed partial class PartnerTroubles
{
    private readonly GatewayServices _services;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private HashSet<string> _told = [];

    private PartnerTroubles(GatewayServices services, ILogger log)
    {
        _services = services;
        _log = log;
    }

    /// <summary>Tells what is wrong now, and from now on whenever something changes in a folder.</summary>
    public static void Follow(GatewayServices services, ILogger log)
    {
        var troubles = new PartnerTroubles(services, log);
        services.Configuration.Partners.OnArrival(troubles.Tell);
        troubles.Tell();
    }

    private void Tell()
    {
        lock (_gate)
        {
            var now = _services.Configuration.Partners.Problems.Select(problem => problem.ToString()).ToHashSet(StringComparer.Ordinal);
            foreach (var problem in now.Except(_told))
            {
                Trouble(_log, problem);
            }

            _told = now;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Certificates of partners: {Problem}")]
    private static partial void Trouble(ILogger log, string problem);
}
