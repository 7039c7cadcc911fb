using SmimeGateway.Host.Telemetry;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Admin;

/// <summary>
/// Says what keeps the gateway from its work at this moment. Nothing is remembered between two questions, so that an answer is never
/// older than what it was made from.
/// </summary>
internal sealed class Health(GatewayServices services, FindingsWatch findings, LogFile? log, Func<string?> refusal)
{
    // Messages that broke say something about those to come for about as long as a client waits before it tries again.
    private static readonly TimeSpan Memorable = TimeSpan.FromMinutes(1);

    // A short rush is none to tell of.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What only a restart can mend; empty when the process should be left running.</summary>
    public IReadOnlyList<string> FindDeadParts() => services.AreDeliveriesRunning ? [] : ["Deliveries have ended: nothing leaves the queue any more."];

    /// <summary>What keeps mail from being accepted and delivered now; empty when the gateway is ready.</summary>
    public IReadOnlyList<string> FindTroubles()
    {
        List<string> troubles = [.. FindDeadParts()];
        if (!services.Queue.HasRoomFor(0))
        {
            troubles.Add($"The queue in {services.Configuration.Options.Queue.Disk} takes no mail, and clients hear 452: its disk is full or has failed. Make room there; the log says what failed.");
        }

        if (IsMemoryUsedUp(Environment.WorkingSet, GC.GetGCMemoryInfo().HighMemoryLoadThresholdBytes))
        {
            troubles.Add($"The process uses {Environment.WorkingSet / 1_000_000} MB, nearly all the memory it may have.");
        }

        if (services.Memory.Waiting is > 0 and var waiting)
        {
            troubles.Add($"{waiting} message(s) wait for memory: those under way take all that \"memory\" allows.");
        }

        if (services.Counters.SinceBroken < Memorable)
        {
            troubles.Add("The last message met an internal error, and its client heard 451. The log says which.");
        }

        return troubles;
    }

    /// <summary>
    /// A configuration file that is not what is in force, what became wrong with all that it names, routes that keep mail waiting, and the file of
    /// the log that cannot be written. Mail that finds what it needs elsewhere goes through, so that this is no reason to send none.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindWarningsAsync() =>
    [
        .. refusal() is { } refused ? [refused] : Array.Empty<string>(),
        .. await findings.ListAsync(),
        .. services.Configuration.Routes.Look().Select(FindDelay).OfType<string>(),
        .. log is { Trouble: { } trouble } ? [$"The log goes to the console alone: {trouble}."] : Array.Empty<string>(),
    ];

    /// <summary>All of it.</summary>
    public async Task<HealthReport> ReportAsync() => new(FindTroubles(), await FindWarningsAsync());

    private static string? FindDelay(RouteStatus route) => route.Queue switch
    {
        { IsResting: true, Waiting: > 0 and var waiting } => $"{route.Target} takes no mail now, and {waiting} message(s) wait for it. \"status\" says why.",
        { BusyFor: { } busy } when busy > Patience =>
            $"{route.Target}: mail is due, and all {route.MaxActive} connections have been busy for {busy.TotalSeconds:0} s. The next hop is slow, or \"connections\" too few.",
        _ => null,
    };

    /// <summary>The threshold, nine tenths of what machine or container has, is unknown (zero) until memory was first tidied up.</summary>
    internal static bool IsMemoryUsedUp(long used, long threshold) => threshold > 0 && used >= threshold;
}
