using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;

namespace SmimeGateway.Host.Telemetry;

/// <summary>Shortens the source of a line to the last part of its name: <c>MessagePath</c> says as much as the whole namespace.</summary>
internal sealed class ShortSourceEnricher : ILogEventEnricher
{
    private readonly ConcurrentDictionary<string, LogEventProperty> _short = new(StringComparer.Ordinal);

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var value) && value is ScalarValue { Value: string name })
        {
            logEvent.AddOrUpdateProperty(_short.GetOrAdd(name, static full =>
                new LogEventProperty(Constants.SourceContextPropertyName, new ScalarValue(full[(full.LastIndexOf('.') + 1)..]))));
        }
    }
}
