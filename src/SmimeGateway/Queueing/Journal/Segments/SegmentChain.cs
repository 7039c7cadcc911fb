using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Queueing.Journal.Disk;

namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>
/// The segments from the oldest that is still needed to the one written to. They are removed from the oldest end only: a record about a
/// message is never in an earlier segment than the message, so what is removed says nothing about what stays.
/// </summary>
internal sealed class SegmentChain : IDisposable
{
    private readonly IJournalFolder _folder;
    private readonly SegmentSupply _supply;
    private readonly ILogger _log;
    private readonly List<Segment> _segments;
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private long _lastNumber;
    private long _lastEnd;

    public SegmentChain(IJournalFolder folder, SegmentSupply supply, IReadOnlyList<Segment> recovered, ILogger log)
    {
        _folder = folder;
        _supply = supply;
        _log = log;
        _segments = [.. recovered];
        OccupiedBytes = _segments.Sum(static segment => segment.OccupiedBytes);
        if (_segments.Count > 0)
        {
            (_lastNumber, _lastEnd) = (_segments[^1].Number, _segments[^1].ConfirmedEnd);
        }
    }

    /// <summary>The segment written to; null when none can be opened.</summary>
    public Segment? Active { get; private set; }

    /// <summary>The segment that must become empty before anything can be removed; null when only the active one is left.</summary>
    public Segment? Oldest => _segments.Count > 0 && _segments[0] != Active ? _segments[0] : null;

    /// <summary>What all segments occupy, without the spare.</summary>
    public long OccupiedBytes { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _segments.Count;

    /// <summary>True while messages can be accepted: there is a segment to write to, and a spare behind it.</summary>
    public bool IsAccepting => Active is not null && _supply.HasSpare;

    /// <summary>True when the active segment takes a frame of this length.</summary>
    public bool Fits(long frameBytes) => Active is { } active && active.End + frameBytes <= active.Capacity;

    /// <summary>Ends the active segment and opens the next.</summary>
    public bool TryRoll(long frameBytes)
    {
        if (Active is { } full)
        {
            (_lastNumber, _lastEnd) = (full.Number, full.ConfirmedEnd);
        }

        var before = _segments.LastOrDefault();
        if (!_supply.TryOpen(_lastNumber, _lastEnd, frameBytes, _segments))
        {
            return false;
        }

        Active = _segments[^1];
        if (before is { HoldsDamage: false })
        {
            // Only now that the new header says where the segment ends: a shorter file without that would look damaged.
            Trim(before);
        }

        OccupiedBytes += Active.OccupiedBytes;

        // Refused messages are all it costs when there is no space for another spare; what is under way can end with this one.
        _supply.TryRefill();
        return true;
    }

    /// <summary>Writes frames behind the last one.</summary>
    /// <exception cref="IOException">The segment must not be written to again.</exception>
    public void Write(IReadOnlyList<CommitRequest> requests)
    {
        var active = Active!;
        var position = active.End;
        _pieces.Clear();
        foreach (var request in requests)
        {
            request.Place = new EntryPlace(active, position);
            request.Frame.WriteTo(_pieces, active.Mark);
            position += request.Frame.Length;
        }

        active.File.Write(_pieces, active.End);
        active.End = position;
    }

    /// <summary>Returns once all frames that are written when it begins are on stable storage.</summary>
    /// <param name="gate">Left while the disk works, so that frames can be written behind those that are flushed; null to keep them out.</param>
    /// <exception cref="IOException">The segment must not be written to again, nor flushed.</exception>
    public void Flush(Lock? gate)
    {
        var active = Active!;

        // What is written while it flushes may be covered or not, so it does not count as confirmed.
        var end = active.End;
        gate?.Exit();
        try
        {
            active.File.Flush();
        }
        finally
        {
            gate?.Enter();
        }

        active.ConfirmedEnd = end;
    }

    /// <summary>
    /// Gives the active segment up after a failure. The next header states where its confirmed frames end: what lies behind was refused,
    /// and must not come back to life should it have reached the disk after all.
    /// </summary>
    public void Abandon(Exception trouble)
    {
        var failed = Active!;
        QueueLog.SegmentFailed(_log, failed.Number, failed.ConfirmedEnd, trouble);
        failed.End = failed.ConfirmedEnd;
        (_lastNumber, _lastEnd) = (failed.Number, failed.ConfirmedEnd);
        Active = null;
        _ = TryRoll(0);
    }

    /// <summary>Removes the oldest segments that no message needs any more.</summary>
    /// <returns>True when space was freed.</returns>
    public bool RemoveUnneeded()
    {
        var removed = false;
        while (Oldest is { Living.Count: 0 } oldest && Active is not null)
        {
            _segments.RemoveAt(0);
            OccupiedBytes -= oldest.OccupiedBytes;
            oldest.Dispose();
            try
            {
                Discard(oldest);

                // One after the other: should the power go now, no segment survives an earlier one that its records are about.
                _folder.FlushNames();
                removed = true;
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                QueueLog.NotRemoved(_log, Segment.NameOf(oldest.Number), FileHindrance.WithPlace(trouble));
            }
        }

        return removed;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var segment in _segments)
        {
            segment.Dispose();
        }

        _supply.Dispose();
    }

    private void Discard(Segment segment)
    {
        var name = Segment.NameOf(segment.Number);
        if (segment.HoldsDamage)
        {
            // A new name needs no space, unlike the copy that could not be made.
            _folder.Rename(name, DamagedFolder.Prefix + name);
        }
        else
        {
            _folder.Delete(name);
        }
    }

    /// <summary>Cuts off what was allocated and not used.</summary>
    private void Trim(Segment segment)
    {
        try
        {
            segment.File.SetLength(segment.End);
            OccupiedBytes -= segment.OccupiedBytes - segment.End;
            segment.OccupiedBytes = segment.End;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // It only costs space, and the header of the next segment says where it ends.
            QueueLog.NotRemoved(_log, Segment.NameOf(segment.Number), FileHindrance.WithPlace(trouble));
        }
    }
}
