using System.Globalization;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The process may open as many connections as the limits allow: without handles a listener accepts nobody, and cannot even refuse.</summary>
internal static class HandlesCheck
{
    // The runtime's own files, the journal, messages in files of their own, logs, watches.
    private const int ForEverythingElse = 200;

    private const string Limits = "/proc/self/limits";

    /// <summary>A warning when all connections together need more handles than the process may have; nothing where that is not known.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options) =>
        Check(options, File.Exists(Limits) ? File.ReadAllLines(Limits) : []);

    /// <summary>The same with the lines of <c>/proc/self/limits</c>.</summary>
    internal static IEnumerable<CheckFinding> Check(GatewayOptions options, IEnumerable<string> limits)
    {
        var needed = options.Listeners.Sum(listener => (long)listener.Limits.Connections)
            + options.Routes.Sum(route => route.Hosts.Count > 0 ? (long)route.Connections : 0)
            + ForEverythingElse;
        if (FindHardLimit(limits) is { } available && needed > available)
        {
            yield return CheckFinding.Warning(
                "limits.connections",
                $"All connections together need about {needed} open files, and this process may have {available}. "
                + "Lower the limits, or raise the one of the service (LimitNOFILE= in a systemd unit).");
        }
    }

    // The runtime raises the soft limit to the hard one when it starts. The columns: name of three words, soft, hard, unit.
    private static long? FindHardLimit(IEnumerable<string> limits) =>
        limits.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, _, var hard, ..]
        && long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;
}
