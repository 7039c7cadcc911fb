using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Frames;

namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>
/// Reads a queue back. Damage never stops it: what is damaged is set aside, the rest is delivered. It changes nothing but that, so a
/// crash in the middle of it costs nothing.
/// </summary>
internal sealed class Recovery(IJournalFolder folder, DamagedFolder damaged, ILogger log)
{
    private const int ReadAtOnce = 1024 * 1024;

    /// <summary>The smallest unit that a disk fails to read.</summary>
    private const int SectorBytes = 4096;

    /// <summary>Messages accepted so long after another were not flushed together with it.</summary>
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, (QueueEntry Entry, EntryPlace Place)> _living = [];

    /// <summary>Messages without their content that nothing has shown to have been confirmed yet.</summary>
    private readonly HashSet<long> _doubtful = [];
    private byte[] _buffer = [];
    private long _lastSequence;
    private long _lastAccepted;

    /// <summary>Reads everything there is.</summary>
    /// <exception cref="QueueUnavailableException">A newer release wrote part of it, or a file of it cannot be read now.</exception>
    public RecoveredQueue Run()
    {
        var scan = new SegmentScan(folder, damaged, log);
        scan.Run();
        var segments = new List<Segment>();
        foreach (var (number, (header, file)) in scan.Found)
        {
            var segment = new Segment(header, file);
            segments.Add(segment);
            if (segments.Count > 1 && header.PreviousNumber > segments[0].Number && !scan.Found.ContainsKey(header.PreviousNumber))
            {
                QueueLog.SegmentMissing(log, header.PreviousNumber);
            }

            ReadSegment(segment, EndStatedBy(scan, number));
        }

        DoubtWithoutOwnFile();
        DropDoubtful();
        RemoveOrphans();
        _buffer = [];
        var living = _living.Values.OrderBy(static found => found.Entry.Sequence).ToList();
        foreach (var (entry, place) in living)
        {
            entry.Place = place;
        }

        return new RecoveredQueue(
            segments.Count > 0 ? scan.Found.First().Value.Header.QueueIdentity : Guid.NewGuid(),
            segments, [.. living.Select(static found => found.Entry)], scan.SpareNumber, scan.HighestNumber + 1, _lastSequence)
        {
            Dropped = [.. _doubtful],
        };
    }

    private static long? EndStatedBy(SegmentScan scan, long number)
    {
        // The last one to say so knows best: after a failed disk, several attempts to go on may all have named the same segment.
        foreach (var (header, _) in scan.Found.Values.Reverse())
        {
            if (header.PreviousNumber == number)
            {
                return header.PreviousEnd;
            }
        }

        return null;
    }

    private void ReadSegment(Segment segment, long? statedEnd)
    {
        var name = Segment.NameOf(segment.Number);
        var length = ReadBytes(segment, name, out var isKept);
        var bytes = _buffer.AsMemory(0, length);
        var end = SegmentReader.Read(
            bytes.Span, segment.Mark, statedEnd,
            (offset, _, entries) => Apply(segment, bytes.Span, offset, entries),
            (offset, count, kind) => isKept &= damaged.Copy(name, offset, bytes.Span.Slice((int)offset, (int)count), kind));
        if (statedEnd is null && length < segment.Capacity)
        {
            // While it is written to, it has its full length.
            damaged.Copy(name, length, [], DamageKind.EndMissing);
        }

        segment.End = segment.ConfirmedEnd = statedEnd ?? end;
        segment.OccupiedBytes = length;
        segment.HoldsDamage = !isKept;
        if (statedEnd is null)
        {
            ConfirmFrames(segment, name);
        }
    }

    /// <summary>After a kill the last frames may be in the page cache only; from now on they count as confirmed.</summary>
    private void ConfirmFrames(Segment segment, string name)
    {
        try
        {
            segment.File.Flush();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            QueueLog.NotConfirmed(log, name, FileHindrance.WithPlace(trouble));
        }
    }

    private int ReadBytes(Segment segment, string name, out bool isWhole)
    {
        isWhole = true;
        var length = (int)Math.Min(segment.File.Length, Array.MaxLength);
        if (_buffer.Length < length)
        {
            _buffer = new byte[length];
        }

        var position = 0;
        while (position < length)
        {
            var chunk = _buffer.AsSpan(position, Math.Min(ReadAtOnce, length - position));
            try
            {
                var count = segment.File.Read(chunk, position);
                chunk[count..].Clear();
            }
            catch (IOException)
            {
                isWhole &= ReadSectors(segment, name, chunk, position);
            }

            position += chunk.Length;
        }

        return length;
    }

    private bool ReadSectors(Segment segment, string name, Span<byte> chunk, int position)
    {
        var isWhole = true;
        for (var offset = 0; offset < chunk.Length; offset += SectorBytes)
        {
            var sector = chunk.Slice(offset, Math.Min(SectorBytes, chunk.Length - offset));
            try
            {
                var count = segment.File.Read(sector, position + offset);
                sector[count..].Clear();
            }
            catch (IOException)
            {
                // As zeros it breaks the checksum of whatever it belongs to, and only of that. The disk may give it another time: the file is kept.
                sector.Clear();
                isWhole = false;
                damaged.Copy(name, position + offset, [], DamageKind.Unreadable);
            }
        }

        return isWhole;
    }

    private void Apply(Segment segment, ReadOnlySpan<byte> bytes, long offset, IReadOnlyList<JournalEntry> entries)
    {
        var place = new EntryPlace(segment, offset);

        // The end of a message and its successors are one frame, whose content a crash may have torn off: then nothing of it has happened.
        var isTorn = entries.Count > 1 && entries.Any(static entry => entry is not MessageEntry)
            && HasDamaged(bytes, offset, entries);
        foreach (var entry in entries)
        {
            _lastSequence = Math.Max(_lastSequence, entry.Sequence);
            switch (entry)
            {
                case not MessageEntry when isTorn:
                    break;
                case MessageEntry message when IsIntact(bytes, offset, message):
                    if (!isTorn)
                    {
                        _lastAccepted = Math.Max(_lastAccepted, message.AcceptedTicks);
                        Enter(place, message);
                    }

                    break;
                case MessageEntry message:
                    SetAside(place, bytes, message);

                    // A move that was torn off leaves the message where it was.
                    if (!isTorn && !_living.ContainsKey(message.Sequence))
                    {
                        Enter(place, message);
                        Doubt(message);
                    }

                    break;
                case ProgressEntry progress when _living.TryGetValue(progress.Sequence, out var found):
                    found.Entry.State = progress.State;
                    found.Entry.StatusPlace = place;
                    _doubtful.Remove(progress.Sequence);
                    break;
                case HoldEntry hold when _living.TryGetValue(hold.Sequence, out var found):
                    found.Entry.IsHeld = hold.IsHeld;
                    _doubtful.Remove(hold.Sequence);
                    break;
                case EndedEntry:
                    _living.Remove(entry.Sequence);
                    break;
                default:
                    // Progress of a message that was damaged: there is nothing left to progress.
                    break;
            }
        }
    }

    private void SetAside(EntryPlace place, ReadOnlySpan<byte> bytes, MessageEntry message)
    {
        var start = (int)place.Offset + message.ContentOffset;
        damaged.Copy(Segment.NameOf(place.Segment.Number), start, bytes.Slice(start, (int)message.ContentLength), DamageKind.Content);
    }

    // What was confirmed to a client and cannot be delivered any more is reported to its sender. What was being written when the power went
    // was confirmed to nobody: its client still has it, and a report would be wrong.
    private void Doubt(MessageEntry message)
    {
        if (message.State.Attempts == 0 && !message.IsHeld)
        {
            _doubtful.Add(message.Sequence);
        }
    }

    private void Enter(EntryPlace place, MessageEntry message)
    {
        _doubtful.Remove(message.Sequence);
        var entry = new QueueEntry(
            message.Sequence, message.AcceptedTicks, message.Envelope.Recipients.Count, message.ContentLength, message.IsOwnFile)
        {
            State = message.State,
            IsSealed = message.Protection == Protection.Held,
            IsHeld = message.IsHeld,
            StatusPlace = message.Statuses.Count > 0 ? place : null,
        };
        if (entry.PendingRecipients > 0)
        {
            _living[message.Sequence] = (entry, place);
        }
    }

    private static bool HasDamaged(ReadOnlySpan<byte> bytes, long offset, IReadOnlyList<JournalEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry is MessageEntry message && !IsIntact(bytes, offset, message))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIntact(ReadOnlySpan<byte> bytes, long offset, MessageEntry message) =>
        message.IsOwnFile
        || Crc32C.Of(bytes.Slice((int)offset + message.ContentOffset, (int)message.ContentLength)) == message.ContentChecksum;

    private void DoubtWithoutOwnFile()
    {
        foreach (var (entry, _) in _living.Values.Where(static found => found.Entry.IsOwnFile))
        {
            if (!folder.Exists(OwnFile.NameOf(entry.Sequence)))
            {
                QueueLog.MessageUnreadable(log, QueueId.FromSequence(entry.Sequence), "the file with its content is missing");
                if (entry.State.Attempts == 0 && !entry.IsHeld)
                {
                    _doubtful.Add(entry.Sequence);
                }
            }
        }
    }

    private void DropDoubtful()
    {
        _doubtful.RemoveWhere(sequence =>
            !_living.TryGetValue(sequence, out var found) || _lastAccepted - found.Entry.AcceptedTicks > LongestBatch.Ticks);
        foreach (var sequence in _doubtful)
        {
            _living.Remove(sequence);
        }
    }

    /// <summary>Files of messages that the journal does not know: the crash came before the record, or after the last recipient.</summary>
    private void RemoveOrphans()
    {
        var known = _living.Values.Where(static found => found.Entry.IsOwnFile)
            .Select(static found => OwnFile.NameOf(found.Entry.Sequence)).ToHashSet(StringComparer.Ordinal);
        foreach (var name in folder.List())
        {
            if (!name.EndsWith(OwnFile.Extension, StringComparison.Ordinal) || known.Contains(name))
            {
                continue;
            }

            if (damaged.Count > 0)
            {
                damaged.Move(name, "no record names it, and damaged ones may have");
                continue;
            }

            try
            {
                folder.Delete(name);
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                QueueLog.NotRemoved(log, name, FileHindrance.WithPlace(trouble));
            }
        }
    }
}
