using System.Text;
using Serilog.Events;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// A place for one of the newest lines. Its memory is used again for a later line: lines as strings that live for a thousand others would
/// keep the garbage collector busy.
/// </summary>
internal sealed class KeptLine
{
    // A place keeps what a usual line needs; what a stack trace took is given back by the next line.
    private const int UsualLength = 512;

    private char[] _text = [];
    private int _length;
    private DateTimeOffset _time;

    /// <summary>Its level.</summary>
    public LogEventLevel Level { get; private set; }

    /// <summary>Puts another line in its place.</summary>
    public void Take(DateTimeOffset time, LogEventLevel level, StringBuilder text, int length)
    {
        _time = time;
        Level = level;
        _length = length;
        if (_text.Length < length || _text.Length > Math.Max(length, UsualLength))
        {
            _text = new char[Math.Max(length, UsualLength)];
        }

        text.CopyTo(0, _text, 0, length);
    }

    /// <summary>The line, for a reader.</summary>
    public LogLine Read() => new(_time, Level, new string(_text, 0, _length));
}
