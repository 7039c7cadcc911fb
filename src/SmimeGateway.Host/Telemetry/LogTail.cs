using System.Globalization;
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
    private readonly Queue<LogLine> _recent = new(Kept);
    private readonly List<LogReader> _readers = [];

    public void Emit(LogEvent logEvent)
    {
        var line = new LogLine(logEvent.Timestamp, logEvent.Level, Render(logEvent));
        lock (_gate)
        {
            if (_recent.Count == Kept)
            {
                _recent.Dequeue();
            }

            _recent.Enqueue(line);
            foreach (var reader in _readers)
            {
                reader.Offer(line);
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

            var reader = new LogReader(least, [.. _recent.Where(line => line.Level >= least).TakeLast(recent)], Close);
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

    private string Render(LogEvent logEvent)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Format(logEvent, writer);
        var text = writer.GetStringBuilder();
        var length = text.Length;
        while (length > 0 && text[length - 1] is '\r' or '\n')
        {
            length--;
        }

        return length <= MaxLineLength ? text.ToString(0, length) : text.ToString(0, MaxLineLength) + " ...";
    }
}
