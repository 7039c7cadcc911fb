using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// Where the log goes: the console, a file per day, and memory. A thread of its own writes them, since a slow disk or terminal must never
/// hold up a message.
/// </summary>
internal static class LogPipeline
{
    private const int WaitingLines = 10_000;

    /// <summary>Opens the log.</summary>
    /// <param name="options">Format and file; the file name's <c>-</c> is followed by the day.</param>
    /// <param name="level">The level, which may change while the gateway runs.</param>
    /// <param name="tail">Gets every line too, for those who read along.</param>
    /// <param name="file">The file, which says whether it can be written; null where there is none.</param>
    public static Logger Open(LogOptions options, LoggingLevelSwitch level, out LogTail tail, out LogFile? file)
    {
        ITextFormatter formatter = options.Format == LogFormat.Json
            ? new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture)
            : new MessageTemplateTextFormatter(
                "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {SourceContext}: {Message:l}{NewLine}{Exception}",
                CultureInfo.InvariantCulture);

        // All places show the same text, so it is made once.
        var shared = new RenderedOnce(formatter);
        var inMemory = tail = new LogTail(shared);
        var onDisk = file = options.File is { } path ? new LogFile(path, shared, TimeProvider.System) : null;
        return new LoggerConfiguration()
            .MinimumLevel.ControlledBy(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)

            // It writes down the exception that ends a start, with all its stack, before whoever started it says the same in a sentence.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LevelAlias.Off)
            .Enrich.With<EscapingEnricher>()
            .Enrich.With<ShortSourceEnricher>()
            .WriteTo.Async(
                sinks =>
                {
                    sinks.Sink(inMemory);
                    sinks.Console(shared);
                    if (onDisk is not null)
                    {
                        sinks.Sink(onDisk);
                    }
                },
                WaitingLines)
            .CreateLogger();
    }

    /// <summary>The level of the configuration as the log library names it.</summary>
    public static LogEventLevel ToLevel(LogThreshold threshold) => threshold switch
    {
        LogThreshold.Debug => LogEventLevel.Debug,
        LogThreshold.Warning => LogEventLevel.Warning,
        LogThreshold.Error => LogEventLevel.Error,
        LogThreshold.Information => LogEventLevel.Information,
    };
}
