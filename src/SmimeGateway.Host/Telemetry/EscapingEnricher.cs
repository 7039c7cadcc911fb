using System.Buffers;
using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// Makes control characters in logged values visible (<c>\x0A</c>), so that nobody can forge a line of the log with a line break in an
/// address or a reply, or drive a terminal with an escape sequence.
/// </summary>
internal sealed class EscapingEnricher : ILogEventEnricher
{
    private static readonly SearchValues<char> Unprintable = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code), '\u2028', '\u2029']);

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? escaped = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is ScalarValue { Value: string text } && text.AsSpan().ContainsAny(Unprintable))
            {
                (escaped ??= []).Add(new LogEventProperty(name, new ScalarValue(Escape(text))));
            }
        }

        escaped?.ForEach(logEvent.AddOrUpdateProperty);
    }

    internal static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (Unprintable.Contains(character))
            {
                result.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:X2}");
            }
            else
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }
}
