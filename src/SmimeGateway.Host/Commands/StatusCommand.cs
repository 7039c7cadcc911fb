using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using SmimeGateway.Host.Admin;
using Spectre.Console;

namespace SmimeGateway.Host.Commands;

/// <summary><c>status</c>: one screen about the running gateway, asked through its socket.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create(SharedOptions options)
    {
        var command = new Command("status", "Show how the running gateway is doing.");
        command.SetAction((parsed, cancellationToken) => ShowAsync(options, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> ShowAsync(SharedOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        using var client = CreateClient(gateway.Admin.Socket);
        try
        {
            var status = await client.GetFromJsonAsync<StatusReport>(new Uri("http://gateway/status"), cancellationToken);
            options.AnswerFor(parsed).Give(status!, console => Write(console, status!));
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            Answer.Complain($"No running gateway answers at {gateway.Admin.Socket}: start it with \"smimegateway run\", or name its configuration with --config.");
            return ExitCode.Unreachable;
        }
    }

    private static HttpClient CreateClient(string socketPath)
    {
#pragma warning disable CA2000 // The client disposes the handler.
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
#pragma warning restore CA2000
        return new HttpClient(handler) { Timeout = Patience };
    }

    private static void Write(IAnsiConsole console, StatusReport status)
    {
        var uptime = TimeSpan.FromSeconds(status.UptimeSeconds);
        var overview = Answer.Table("Gateway", status.HostName);
        Row(overview, "version", $"{status.Version}, process {status.ProcessId}");
        Row(overview, "up", $"{(int)uptime.TotalDays} days {uptime:hh\\:mm\\:ss}, since {status.Started:yyyy-MM-dd HH:mm:ss zzz}");
        Row(overview, "listening on", string.Join(", ", status.Listeners));
        Row(overview, "messages", $"{status.Messages.Accepted} accepted ({status.Messages.AcceptedPerSecond:0.0}/s), {status.Messages.Deferred} deferred, {status.Messages.Rejected} rejected, {status.Messages.Signed} signed");
        Row(overview, "recipients", $"{status.Messages.Delivered} delivered, {status.Messages.Retried} put off, {status.Messages.Failed} given up");
        Row(overview, "queue", $"{status.Queue.Messages} messages to {status.Queue.Recipients} recipients, {status.Queue.Bytes / 1024} KB"
            + (status.Queue.Oldest is { } oldest ? $", oldest of {oldest:yyyy-MM-dd HH:mm:ss zzz}" : string.Empty));
        Row(overview, "log level", status.LogLevel);
        Row(overview, "memory", $"{status.MemoryBytes / (1024 * 1024)} MB");
        console.Write(overview);

        var certificates = Answer.Table("Days left", "Ends", "Source", "For");
        foreach (var life in status.Certificates)
        {
            Answer.AddRow(
                certificates,
                life.DaysLeft.ToString(CultureInfo.InvariantCulture),
                life.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                life.Source,
                string.Join(", ", life.Addresses));
        }

        console.Write(certificates);

        var nextHops = Answer.Table("Recipients", "Next hop");
        foreach (var nextHop in status.NextHops)
        {
            Answer.AddRow(nextHops, string.Join(", ", nextHop.Recipients), nextHop.Target);
        }

        console.Write(nextHops);
    }

    private static void Row(Table table, string name, string value) => Answer.AddRow(table, name, value);
}
