using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Queueing.Journal.Disk;

namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>
/// Makes segments, and always keeps a spare one whose space is allocated: with it the queue drains on a full disk, because there is room
/// to write down what was delivered. Messages are accepted only while a spare exists.
/// </summary>
internal sealed class SegmentSupply(IJournalFolder folder, Guid identity, long segmentBytes, long nextNumber, ILogger log, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private IJournalFile? _spare;
    private long _spareNumber;
    private long _nextNumber = nextNumber;
    private long? _failedAt;

    /// <summary>True while another segment is ready.</summary>
    public bool HasSpare => _spare is not null;

    /// <summary>The length of a segment, unless one frame needs more.</summary>
    public long SegmentBytes => segmentBytes;

    /// <summary>Takes over a spare that an earlier run left, so that even a full disk has room at the start.</summary>
    public void AdoptFrom(RecoveredQueue recovered)
    {
        if (recovered.SpareNumber == 0)
        {
            return;
        }

        var name = Segment.NameOf(recovered.SpareNumber);
        try
        {
            var spare = folder.Open(name);
            if (spare.Length >= segmentBytes && recovered.Segments.All(segment => segment.Number < recovered.SpareNumber))
            {
                _spare = spare;
                _spareNumber = recovered.SpareNumber;
                return;
            }

            spare.Dispose();
            folder.Delete(name);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            QueueLog.NotRemoved(log, name, FileHindrance.WithPlace(trouble));
        }
    }

    /// <summary>Makes a spare when there is none. After a failure it is tried again a second later, or at once when space was freed.</summary>
    public bool TryRefill(bool spaceWasFreed = false)
    {
        if (_spare is not null)
        {
            return true;
        }

        if (!spaceWasFreed && _failedAt is { } then && time.GetElapsedTime(then) < PauseAfterFailure)
        {
            return false;
        }

        var number = _nextNumber;
        try
        {
            _spare = folder.Create(Segment.NameOf(number), segmentBytes);
            _spareNumber = number;
            _nextNumber++;
            folder.FlushNames();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            if (_failedAt is null)
            {
                QueueLog.NoSpace(log, segmentBytes, FileHindrance.WithPlace(trouble));
            }

            _failedAt = time.GetTimestamp();
            Discard();
            return false;
        }

        if (_failedAt is not null)
        {
            _failedAt = null;
            QueueLog.AcceptsAgain(log);
        }

        return true;
    }

    /// <summary>
    /// Opens the next segment for writing: its header is written, flushed and read back, so that a disk that has just failed proves itself
    /// on a new file before anything is trusted to it.
    /// </summary>
    /// <param name="previousNumber">The segment written to before, 0 for none.</param>
    /// <param name="previousEnd">Where its last confirmed frame ends.</param>
    /// <param name="frameBytes">The longest frame that must fit.</param>
    /// <param name="segments">Where the new segment is added.</param>
    public bool TryOpen(long previousNumber, long previousEnd, long frameBytes, List<Segment> segments)
    {
        // The second round uses a new file: a spare may lie on a bad spot.
        for (var round = 0; round < 2; round++)
        {
            var needed = SegmentHeader.Size + frameBytes;
            if (!(needed > segmentBytes ? TryMake(needed) : TryRefill(spaceWasFreed: round == 1)))
            {
                return false;
            }

            var number = _spareNumber;
            var file = _spare!;
            _spare = null;
            try
            {
                var header = new SegmentHeader(identity, number, NewMark(), Math.Max(file.Length, needed), previousNumber, previousEnd);
                var bytes = header.Encode();
                file.Write([bytes], 0);
                file.Flush();
                var back = new byte[bytes.Length];
                if (file.Read(back, 0) != back.Length || !back.AsSpan().SequenceEqual(bytes))
                {
                    throw new IOException("The header reads back differently.");
                }

                QueueLog.SegmentOpened(log, number);
                segments.Add(new Segment(header, file));
                return true;
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                QueueLog.SegmentNotOpened(log, number, FileHindrance.WithPlace(trouble));
                _spare = file;
                Discard();
            }
        }

        return false;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _spare?.Dispose();
        _spare = null;
    }

    private static ulong NewMark()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);

        // Zeros would be found in every unused part of a segment.
        bytes[0] |= 1;
        return BitConverter.ToUInt64(bytes);
    }

    private bool TryMake(long bytes)
    {
        var spare = _spare;
        var spareNumber = _spareNumber;
        try
        {
            _spare = folder.Create(Segment.NameOf(_nextNumber), bytes);
            _spareNumber = _nextNumber++;
            folder.FlushNames();
            if (spare is not null)
            {
                // Segments are read back in the order of their numbers, so the smaller spare that lies behind goes.
                spare.Dispose();
                folder.Delete(Segment.NameOf(spareNumber));
            }

            return true;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            QueueLog.NoSpace(log, bytes, FileHindrance.WithPlace(trouble));
            if (_spare != spare)
            {
                Discard();
                _spare = spare;
                _spareNumber = spareNumber;
            }

            return false;
        }
    }

    private void Discard()
    {
        if (_spare is null)
        {
            return;
        }

        _spare.Dispose();
        _spare = null;
        try
        {
            folder.Delete(Segment.NameOf(_spareNumber));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            QueueLog.NotRemoved(log, Segment.NameOf(_spareNumber), FileHindrance.WithPlace(trouble));
        }
    }
}
