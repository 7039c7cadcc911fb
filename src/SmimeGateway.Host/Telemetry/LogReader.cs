using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Serilog.Events;

namespace SmimeGateway.Host.Telemetry;

/// <summary>One who reads the log along, at a pace of its own.</summary>
internal sealed class LogReader : IDisposable
{
    private const int MaxWaiting = 1000;

    private readonly LogEventLevel _least;
    private readonly Action<LogReader> _close;
    private readonly Queue<LogLine> _first;
    private readonly Channel<LogLine> _coming;
    private int _lost;

    /// <summary>Begins with lines that are there already.</summary>
    public LogReader(LogEventLevel least, IReadOnlyList<LogLine> first, Action<LogReader> close)
    {
        _least = least;
        _first = new Queue<LogLine>(first);
        _close = close;
        _coming = Channel.CreateBounded<LogLine>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
    }

    /// <summary>Hands a line over without waiting: the oldest that was not read gives way to it.</summary>
    public void Offer(LogLine line)
    {
        if (line.Level >= _least)
        {
            _coming.Writer.TryWrite(line);
        }
    }

    /// <summary>Lets the reading end after the lines that are there.</summary>
    public void End() => _coming.Writer.TryComplete();

    /// <summary>Gives the lines in their order; where some were lost, a line that says so stands in their place.</summary>
    public async IAsyncEnumerable<LogLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (_first.TryDequeue(out var line))
        {
            yield return line;
        }

        await foreach (var line in _coming.Reader.ReadAllAsync(cancellationToken))
        {
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
            {
                yield return new LogLine(line.Time, LogEventLevel.Warning, $"({lost} lines are missing here: they came faster than they were read)");
            }

            yield return line;
        }
    }

    public void Dispose() => _close(this);
}
