using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SmimeGateway.Certificates.Watching;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Admin;

/// <summary>Answers <c>GET /status</c> on the admin socket.</summary>
internal static class StatusEndpoint
{
    private const int CertificatesShown = 10;

    public static void MapStatus(this WebApplication application, GatewayServices services, LogLevelControl level, DateTimeOffset started) =>
        application.Run(context => context.Request.Path == "/status" && HttpMethods.IsGet(context.Request.Method)
            ? context.Response.WriteAsJsonAsync(Report(services, level, started))
            : NotFound(context));

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static StatusReport Report(GatewayServices services, LogLevelControl level, DateTimeOffset started)
    {
        var now = TimeProvider.System.GetUtcNow();
        var uptime = now - started;
        var options = services.Configuration.Options;
        var counters = services.Counters;
        var queue = services.Queue.Summarize();
        return new StatusReport(
            typeof(StatusEndpoint).Assembly.GetName().Version!.ToString(3),
            options.HostName,
            Environment.ProcessId,
            started,
            uptime.TotalSeconds,
            [.. options.Listeners.Select(listener => $"{listener.Name} {listener.Endpoint}")],
            new MessageFigures(
                counters.Accepted,
                counters.Deferred,
                counters.Rejected,
                counters.MessagesSigned,
                counters.Delivered,
                counters.Retried,
                counters.Failed,
                counters.Accepted / Math.Max(1, uptime.TotalSeconds)),
            new QueueFigures(queue.Messages, queue.Recipients, queue.Bytes, queue.Oldest),
            [.. CertificateLives.Of(services.Configuration.Sources.Certificates, now)
                .Where(life => !life.IsSuperseded)
                .Take(CertificatesShown)
                .Select(life => new CertificateFigures(
                    life.Certificate.Source, life.Certificate.Traits.Addresses, life.Certificate.Traits.NotAfter, life.DaysLeft))],
            [.. options.Routes.Select(route => new NextHopFigures(
                route.Recipients, route.Folder ?? string.Join(", ", route.Hosts.Select(host => $"{host.Host}:{host.Port}"))))],
            level.Switch.MinimumLevel.ToString(),
            Environment.WorkingSet);
    }
}
