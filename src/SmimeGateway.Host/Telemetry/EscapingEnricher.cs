using Serilog.Core;
using Serilog.Events;

namespace SmimeGateway.Host.Telemetry;

/// <summary>Makes what is not plain in logged values visible.</summary>
internal sealed class EscapingEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? escaped = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is ScalarValue { Value: string text } && PlainText.Of(text) is var plain && !ReferenceEquals(plain, text))
            {
                (escaped ??= []).Add(new LogEventProperty(name, new ScalarValue(plain)));
            }
        }

        escaped?.ForEach(logEvent.AddOrUpdateProperty);
    }
}
