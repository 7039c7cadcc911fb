using System.CommandLine;
using System.Globalization;
using SmimeGateway.Host.Admin;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Commands.Asking;

/// <summary><c>status</c>: one screen about the running gateway.</summary>
internal static class StatusCommand
{
    public static Command Create(SharedOptions options)
    {
        var command = new Command("status", "Show how the running gateway is doing.") { options.Socket };
        command.SetAction((parsed, cancellationToken) => GatewayClient.AskAsync(options, parsed, async gateway =>
        {
            var status = await gateway.GetAsync<StatusReport>("/status", cancellationToken);
            options.AnswerFor(parsed).Give(status, console => Write(console, status));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(PlainConsole console, StatusReport status)
    {
        var uptime = TimeSpan.FromSeconds(status.UptimeSeconds);
        var overview = new AnswerTable("Gateway", status.HostName);
        Row(overview, "version", $"{status.Version}, process {status.ProcessId}");
        Row(overview, "up", $"{(int)uptime.TotalDays} days {uptime:hh\\:mm\\:ss}, since {status.Started:yyyy-MM-dd HH:mm:ss zzz}");
        foreach (var listener in status.Listeners)
        {
            Row(overview, "listener", $"{listener.Name} {listener.Endpoint}, TLS {ConfiguredName.Of(listener.Tls)}, authentication {ConfiguredName.Of(listener.Authentication)}");
        }

        Row(overview, "messages", $"{status.Messages.Accepted} accepted ({status.Messages.AcceptedPerSecond:0.0}/s), {status.Messages.Deferred} deferred ({status.Messages.Broken} by internal errors), {status.Messages.Rejected} rejected, {status.Messages.Signed} signed, {status.Messages.Encrypted} encrypted, {status.Messages.Held} held for want of a certificate, {status.Messages.DomainSigned} signed by a domain (DKIM), {status.Messages.Harvested} certificates kept from signed mail");
        Row(overview, "recipients", $"{status.Messages.Delivered} delivered, {status.Messages.Retried} put off, {status.Messages.Failed} given up");
        Row(overview, "turned away", $"{status.Clients.ConnectionsRefused} connections too many, {status.Clients.MemoryRefusals} messages for want of memory");
        Row(overview, "logins", $"{status.Clients.Logins} succeeded, {status.Clients.LoginsFailed} failed, {status.Clients.LoginsRefused} refused unseen");
        Row(overview, "queue", $"{status.Queue.Messages} messages to {status.Queue.Recipients} recipients ({status.Queue.Deferred} deferred, {status.Queue.Held} held, {status.Queue.Waiting} waiting for a certificate, {status.Queue.Active} being delivered), {status.Queue.Bytes / 1024} KB"
            + (status.Queue.Oldest is { } oldest ? $", oldest of {oldest:yyyy-MM-dd HH:mm:ss zzz}" : string.Empty));
        Row(overview, "log level", Sentences.Of(status.LogLevel));
        Row(overview, "memory", $"{Megabytes(status.Memory.Process)}, of it {Megabytes(status.Memory.Messages)} of at most {Megabytes(status.Memory.MessagesMost)} for messages under way"
            + (status.Memory.Waiting > 0 ? $", {status.Memory.Waiting} waiting for some" : string.Empty));
        foreach (var domain in status.Dkim)
        {
            Row(overview, "dkim", $"{domain.Domain}, selector {domain.Selector}, {domain.Key ?? "no key"}, signs {ConfiguredName.Of(domain.Mail)} mail");
        }

        foreach (var key in status.NeedsRestart)
        {
            Row(overview, "needs a restart", key);
        }

        foreach (var trouble in status.Health.Troubles)
        {
            Row(overview, "trouble", trouble);
        }

        foreach (var warning in status.Health.Warnings)
        {
            Row(overview, "warning", warning);
        }

        console.Write(overview);

        var certificates = new AnswerTable("Days left", "Ends", "Source", "For");
        foreach (var life in status.Certificates)
        {
            certificates.Add(
                life.DaysLeft.ToString(CultureInfo.InvariantCulture),
                life.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                life.Source,
                string.Join(", ", life.Addresses));
        }

        console.Write(certificates);

        var nextHops = new AnswerTable("Recipients", "Next hop", "Sending", "Delivered", "Secured by", "State");
        foreach (var route in status.Routes)
        {
            Write(nextHops, route);
        }

        console.Write(nextHops);
    }

    private static void Write(AnswerTable table, RouteStatus route)
    {
        var recipients = string.Join(", ", route.Recipients);
        var sending = $"{route.Active} of {route.MaxActive}";
        var waiting = route.Queue.Waiting > 0 ? $"{route.Queue.Waiting} message(s) wait for it" : string.Empty;
        if (route.Queue.BusyFor is { TotalSeconds: >= 1 } busy)
        {
            waiting += $", all connections busy for {busy.TotalSeconds:0} s";
        }

        if (route.MessagesPerMinute is { } rate)
        {
            waiting += $"{(waiting.Length > 0 ? ", and " : "")}{rate} message(s) a minute are sent at most";
        }

        if (route.NextHops.Count == 0)
        {
            table.Add(recipients, route.Target, sending, "0", string.Empty, waiting.Length > 0 ? waiting : "not used yet");
        }

        foreach (var hop in route.NextHops)
        {
            string[] state = hop.RestingUntil is { } until
                ? [$"left alone until {until.UtcDateTime:HH:mm:ss}Z: {TroubleOf(hop)}", waiting]
                : [route.Queue.IsResting ? "takes no mail now, and is asked again soon" : $"good, {hop.Connections} connection(s)", waiting, hop.LastTroubleAt is { } at ? $"last trouble {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: {TroubleOf(hop)}" : string.Empty];
            table.Add(
                recipients,
                NameOf(hop),
                sending,
                hop.Deliveries.ToString(CultureInfo.InvariantCulture),
                hop.Security ?? string.Empty,
                string.Join("; ", state.Where(part => part.Length > 0)));
        }
    }

    // It goes on in the middle of a sentence.
    private static string TroubleOf(NextHopStatus hop) => (hop.LastTrouble ?? string.Empty).TrimEnd('.');

    private static string NameOf(NextHopStatus hop) => hop switch
    {
        { Address.Length: 0 } => hop.Host,
        _ when hop.Address.StartsWith(hop.Host, StringComparison.Ordinal) => hop.Address,
        _ => $"{hop.Host} ({hop.Address})",
    };

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    private static void Row(AnswerTable table, string name, string value) => table.Add(name, value);
}
