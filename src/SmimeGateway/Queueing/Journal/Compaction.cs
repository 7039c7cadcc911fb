using System.Diagnostics;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Segments;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// Moves the few messages that keep an old segment alive into the newest, so that the disk holds at most about twice what waits, however
/// long single messages do.
/// </summary>
/// <param name="chain">The segments.</param>
/// <param name="book">What waits in them.</param>
/// <param name="reader">Reads the messages to move.</param>
/// <param name="segmentBytes">The usual length of a segment.</param>
/// <param name="giveUp">What to do with a message that cannot be read any more.</param>
internal sealed class Compaction(
    SegmentChain chain, QueueBook book, MessageReader reader, long segmentBytes, Action<QueueEntry, ReadFailure> giveUp)
{
    /// <summary>Moved at once: little enough that arriving messages hardly notice.</summary>
    private const long BytesAtOnce = 1024 * 1024;

    /// <summary>Up to this many segments nothing is worth moving.</summary>
    private const int LeastSegments = 4;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private long? _failedAt;

    /// <summary>True when the segments occupy more than twice what the waiting messages need.</summary>
    public bool IsDue => chain is { Oldest: not null, Active: not null }
        && chain.OccupiedBytes > (2 * book.LivingBytes) + (LeastSegments * segmentBytes)
        && (_failedAt is not { } then || Stopwatch.GetElapsedTime(then) > PauseAfterFailure);

    /// <summary>True for a move that may be written although there is no spare: it frees more than it takes.</summary>
    public static bool MayUseReserve(CommitRequest request, Segment? active) =>
        request.Moving.Count > 0 && active is not null && active.Capacity - active.End > active.Capacity / 2;

    /// <summary>The next messages to move, or null when there are none that can be.</summary>
    public CommitRequest? TryDraft()
    {
        var moving = new List<QueueEntry>();
        var frame = new FrameDraft();
        long bytes = 0;
        foreach (var entry in chain.Oldest?.Living ?? [])
        {
            if (bytes > 0 && bytes + entry.SegmentBytes > BytesAtOnce)
            {
                break;
            }

            if (reader.Read(entry, withOwnFile: false, out var message, out var content) is { } unreadable)
            {
                if (!unreadable.IsDamage)
                {
                    continue;
                }

                if (message is null)
                {
                    // What cannot be moved must not keep its segment for ever: a copy was set aside, and it ends.
                    giveUp(entry, unreadable);
                    continue;
                }

                // Its content stays as wrong as it is, until its turn comes and its sender is told.
            }

            frame.AddMessage(message! with { State = entry.State, IsHeld = entry.IsHeld, Statuses = MessageReader.ReadStatuses(entry) }, content);
            bytes += entry.SegmentBytes;
            moving.Add(entry);
        }

        if (moving.Count == 0)
        {
            frame.Release();
            Rest();
            return null;
        }

        frame.Seal();
        return new CommitRequest(frame) { Moving = moving, IsRefusable = true, NeedsFlush = true };
    }

    /// <summary>Waits a while, because the last move could not be made.</summary>
    public void Rest() => _failedAt = Stopwatch.GetTimestamp();
}
