using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// Keeps the newest lines of the log in memory and hands new ones to those who read along. Nobody here waits for a reader: one that is
/// too slow loses lines and is told how many.
/// </summary>
/// <param name="formatter">Writes a line as the log file has it.</param>
internal sealed class LogTail(ITextFormatter formatter) : ILogEventSink
{
    /// <summary>How many lines are kept.</summary>
    public const int Kept = 1000;

    // A stack trace has its place in the file; here a line costs memory for as long as it is kept.
    private const int MaxLineLength = 8192;
    private const int MaxReaders = 16;

    private readonly Lock _gate = new();
    private readonly Queue<KeptLine> _recent = new(Kept);
    private readonly List<LogReader> _readers = [];

    // Written to by the log's own thread alone.
    private readonly StringBuilder _text = new(256);

    public void Emit(LogEvent logEvent)
    {
        var length = Render(logEvent);
        lock (_gate)
        {
            var kept = _recent.Count == Kept ? _recent.Dequeue() : new KeptLine();
            kept.Take(logEvent.Timestamp, logEvent.Level, _text, length);
            _recent.Enqueue(kept);
            if (_readers.Count > 0)
            {
                var line = kept.Read();
                _readers.ForEach(reader => reader.Offer(line));
            }
        }
    }

    /// <summary>Begins to read; null when as many as may do so read already.</summary>
    /// <param name="least">The least severe level wanted.</param>
    /// <param name="recent">How many of the lines that are kept come first.</param>
    /// <param name="follows">Whether lines that are yet to be written come too; without them the reader ends after those that are kept.</param>
    public LogReader? TryOpen(LogEventLevel least, int recent, bool follows)
    {
        lock (_gate)
        {
            if (_readers.Count >= MaxReaders)
            {
                return null;
            }

            var reader = new LogReader(least, [.. _recent.Where(line => line.Level >= least).TakeLast(recent).Select(line => line.Read())], Close);
            if (follows)
            {
                _readers.Add(reader);
            }
            else
            {
                reader.End();
            }

            return reader;
        }
    }

    private void Close(LogReader reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
        }
    }

    // Returns the length of the line without its line end.
    private int Render(LogEvent logEvent)
    {
        _text.Clear();
        using var writer = new StringWriter(_text, CultureInfo.InvariantCulture);
        formatter.Format(logEvent, writer);
        var length = _text.Length;
        while (length > 0 && _text[length - 1] is '\r' or '\n')
        {
            length--;
        }

        if (length <= MaxLineLength)
        {
            return length;
        }

        _text.Length = MaxLineLength;
        _text.Append(" ...");
        return _text.Length;
    }
}
