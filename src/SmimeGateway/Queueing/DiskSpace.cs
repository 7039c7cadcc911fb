using SmimeGateway.Queueing.Journal.Disk;

namespace SmimeGateway.Queueing;

/// <summary>Says whether the disk has room, keeping a reserve with which the queue can drain. Asking costs nothing: the answer is measured ten times a second.</summary>
internal sealed class DiskSpace(IJournalFolder folder, long maxMessageBytes, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private long? _measuredAt;
    private long _free;
    private long _floor;

    /// <summary>False when the message would cut into the reserve of 1.5 times the size limit or 5 % of the file system, whichever is more.</summary>
    public bool HasRoomFor(long messageBytes)
    {
        lock (_gate)
        {
            if (_measuredAt is not { } then || time.GetElapsedTime(then) >= Freshness)
            {
                Measure();
            }

            return _free - messageBytes >= _floor;
        }
    }

    /// <summary>Counts what was taken since the last measurement, which a flood would otherwise outrun.</summary>
    public void Spend(long bytes)
    {
        lock (_gate)
        {
            _free -= bytes;
        }
    }

    private void Measure()
    {
        try
        {
            var (free, total) = folder.MeasureSpace();
            _free = free;
            _floor = Math.Max(maxMessageBytes + (maxMessageBytes / 2), total / 20);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // A disk that does not even answer this takes no mail.
            _free = 0;
            _floor = 1;
        }

        _measuredAt = time.GetTimestamp();
    }
}
