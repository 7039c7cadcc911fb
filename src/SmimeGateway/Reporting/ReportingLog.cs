using Microsoft.Extensions.Logging;

namespace SmimeGateway.Reporting;

/// <summary>What reporting says.</summary>
internal static partial class ReportingLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId} report ({Kind}) to {Sender} about {Recipients} recipients queued")]
    public static partial void Reporting(ILogger log, string queueId, string kind, string sender, int recipients);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{QueueId} dropped for {Recipients} recipients without a report: {Reason}")]
    public static partial void Unreported(ILogger log, string queueId, int recipients, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{QueueId} no report, as no route leads to its sender {Sender}")]
    public static partial void NoRoute(ILogger log, string queueId, string sender);
}
