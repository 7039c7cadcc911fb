using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>A queue in memory with a clock that stands still, and all that happens to such a machine.</summary>
internal sealed class QueueBed : IAsyncDisposable
{
    private readonly List<TemporaryFolder> _lockFolders = [];
    private readonly List<DiskQueue> _queues = [];
    private readonly Func<DiskQueueOptions, DiskQueueOptions> _options;

    public QueueBed(Func<DiskQueueOptions, DiskQueueOptions>? options = null, MemoryFolder? disk = null)
    {
        _options = options ?? (static options => options);
        Disk = disk ?? new MemoryFolder();
        Queue = Open();
    }

    public CollectingLog Log { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public MemoryFolder Disk { get; private set; }

    public DiskQueue Queue { get; private set; }

    public Task RestartAsync() => RestartAsync(static disk => disk.AfterKill());

    /// <summary>Ends the queue in order and opens it again on what the change makes of its files.</summary>
    public async Task RestartAsync(Func<MemoryFolder, MemoryFolder> change)
    {
        await Queue.DisposeAsync();
        Disk = change(Disk);
        Queue = Open();
    }

    /// <summary>The process dies at once; what it does afterwards reaches a disk that nobody looks at.</summary>
    public void Kill() => Continue(Disk.AfterKill());

    /// <summary>The power goes at once.</summary>
    public void CutPower(Random chance) => Continue(Disk.AfterPowerCut(chance));

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues)
        {
            await queue.DisposeAsync();
        }

        foreach (var folder in _lockFolders)
        {
            folder.Dispose();
        }
    }

    private void Continue(MemoryFolder left)
    {
        Disk = left;
        Queue = Open();
    }

    private DiskQueue Open()
    {
        var folder = new TemporaryFolder();
        _lockFolders.Add(folder);
        var options = _options(new DiskQueueOptions(folder.Path) { SegmentBytes = 64 * 1024, MaxMessageBytes = 100_000 });
        var queue = DiskQueue.Open(options, Disk, Time, Log);
        _queues.Add(queue);
        return queue;
    }
}

/// <summary>Keeps the lines that were logged.</summary>
internal sealed class CollectingLog : ILogger
{
    private readonly List<string> _lines = [];

    public string Text
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
        }
    }
}
