using Microsoft.AspNetCore.Http;
using SmimeGateway.Accepting;
using SmimeGateway.Host.Configuration.Watching;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Admin;

/// <summary>Answers how the running gateway is doing.</summary>
internal sealed class StatusEndpoint(
    GatewayServices services, GatewayOptions atStart, LogLevelControl level, Health health, DateTimeOffset started)
{
    private const int CertificatesShown = 10;

    public async Task ShowAsync(HttpContext context) => await AdminReply.GiveAsync(context, Report(await health.ReportAsync()));

    private StatusReport Report(HealthReport report)
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
            [.. atStart.Listeners.Select(Figures)],
            RestartCheck.Compare(atStart, options),
            new MessageFigures(
                counters.Accepted,
                counters.Deferred,
                counters.Rejected,
                counters.Broken,
                counters.MessagesSigned,
                counters.MessagesEncrypted,
                counters.MessagesHeld,
                counters.MessagesDomainSigned,
                counters.CertificatesHarvested,
                counters.Delivered,
                counters.Retried,
                counters.Failed,
                counters.Accepted / Math.Max(1, uptime.TotalSeconds)),
            new ClientFigures(
                counters.ConnectionsRefused, counters.MemoryRefusals, counters.Logins, counters.LoginsFailed, counters.LoginsRefused),
            new QueueFigures(queue.Messages, queue.Recipients, queue.Deferred, queue.Held, queue.Waiting, queue.Active, queue.Bytes, queue.Oldest),
            [.. CertificateEnds.Of(services.Configuration, now)
                .Take(CertificatesShown)
                .Select(end => new CertificateFigures(
                    end.Use, [.. end.Traits.Addresses.DefaultIfEmpty(end.Traits.Subject)], end.Traits.NotAfter, end.DaysLeft))],
            report,
            [.. services.Configuration.SigningDomains.All.Select(domain => new DkimFigures(domain.Domain, domain.Options.Selector, domain.Key.Key?.ToString(), domain.Options.Mail))],
            services.Configuration.Routes.Look(),
            level.State,
            new MemoryFigures(Environment.WorkingSet, services.Memory.Used, services.Memory.Capacity, services.Memory.Waiting));
    }

    // Endpoints are those that were bound; all else of a listener follows the configuration.
    private ListenerFigures Figures(ListenerOptions bound)
    {
        var now = services.Configuration.Listeners.Find(bound.Name)?.Options ?? bound;
        return new ListenerFigures(bound.Name, bound.Endpoint.ToString(), now.Tls.Mode, now.Authentication.Mode);
    }
}
