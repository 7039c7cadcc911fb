using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Reports;

/// <summary>Looks into the queue of a running gateway.</summary>
internal static class QueueSight
{
    /// <summary>Waits until nothing is left in it: whatever was to be sent has been.</summary>
    public static Task EmptiesAsync(GatewayHome home) => Eventually.TrueAsync(
        async () =>
        {
            var status = await GatewayProcess.CommandAsync(home, "status", "--json");
            if (status.ExitCode != 0)
            {
                return false;
            }

            using var json = JsonDocument.Parse(status.Output);
            return json.RootElement.GetProperty("queue").GetProperty("messages").GetInt32() == 0;
        },
        TimeSpan.FromSeconds(60));
}
