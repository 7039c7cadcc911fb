using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// Renders an event for the first place that asks and gives the same text to the next. For places that are written one after the other
/// by one thread.
/// </summary>
internal sealed class RenderedOnce(ITextFormatter formatter) : ITextFormatter
{
    private readonly StringBuilder _text = new(256);
    private LogEvent? _rendered;

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (!ReferenceEquals(logEvent, _rendered))
        {
            _text.Clear();
            using var writer = new StringWriter(_text, CultureInfo.InvariantCulture);
            formatter.Format(logEvent, writer);
            _rendered = logEvent;
        }

        output.Write(_text);
    }
}
