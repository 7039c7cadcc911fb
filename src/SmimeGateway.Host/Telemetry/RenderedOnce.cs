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
    private readonly StringBuilder _buffer = new(256);
    private string _text = string.Empty;
    private LogEvent? _rendered;

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (!ReferenceEquals(logEvent, _rendered))
        {
            _buffer.Clear();
            using var writer = new StringWriter(_buffer, CultureInfo.InvariantCulture);
            formatter.Format(logEvent, writer);

            // Values are plain by now; what an exception says is not, and no line of it looks like one of the log.
            _text = PlainText.OfLines(_buffer.ToString());
            _text = logEvent.Exception is null ? _text : _text.TrimEnd().ReplaceLineEndings(Environment.NewLine + "    ") + Environment.NewLine;
            _rendered = logEvent;
        }

        output.Write(_text);
    }
}
