using Serilog.Core;
using Serilog.Events;
using SmimeGateway.Host.Configuration.Binding;

namespace SmimeGateway.Host.Telemetry;

/// <summary>Makes what is not plain in logged values visible, and writes durations as an administrator would.</summary>
internal sealed class EscapingEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? escaped = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            var plain = value switch
            {
                ScalarValue { Value: string text } => PlainText.Of(text) is var changed && ReferenceEquals(changed, text) ? null : changed,
                ScalarValue { Value: TimeSpan duration } => DurationText.Round(duration),
                _ => null,
            };
            if (plain is not null)
            {
                (escaped ??= []).Add(new LogEventProperty(name, new ScalarValue(plain)));
            }
        }

        escaped?.ForEach(logEvent.AddOrUpdateProperty);
    }
}
