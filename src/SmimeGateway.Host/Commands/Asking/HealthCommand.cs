using System.CommandLine;
using System.Net;
using SmimeGateway.Host.Admin;

namespace SmimeGateway.Host.Commands.Asking;

/// <summary><c>health</c>: the probe of a container or a load balancer, answered by the exit code.</summary>
internal static class HealthCommand
{
    public static Command Create(SharedOptions options)
    {
        var live = new Option<bool>("--live") { Description = "Ask only whether the process should be left running." };
        var command = new Command("health", "Ask the running gateway whether it can accept and deliver mail now: exit code 0 yes, 1 no, 3 nobody answers.")
        {
            live,
            options.Socket,
        };
        command.SetAction((parsed, cancellationToken) => GatewayClient.AskAsync(options, parsed, async gateway =>
        {
            var (path, good) = parsed.GetValue(live) ? ("/health/live", "Alive") : ("/health/ready", "Ready");
            var report = await gateway.GetAsync<HealthReport>(path, cancellationToken, accepted: HttpStatusCode.ServiceUnavailable);
            options.AnswerFor(parsed).Give(report, console =>
            {
                IReadOnlyList<string> lines = [.. report.Troubles.Select(line => $"  trouble: {line}"), .. report.Warnings.Select(line => $"  warning: {line}")];
                console.WriteLine((report.IsHealthy ? good : $"Not {good.ToLowerInvariant()}") + (lines.Count == 0 ? ". Nothing is wrong." : $". {report.Troubles.Count} trouble(s), {report.Warnings.Count} warning(s):"));
                foreach (var line in lines)
                {
                    console.WriteLine(line);
                }
            });
            return report.IsHealthy ? ExitCode.Done : ExitCode.No;
        }));
        return command;
    }
}
