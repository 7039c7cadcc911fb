using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Ordering;

namespace SmimeGateway.Queueing.Journal;

/// <summary>What an administrator sees of the queue and does to it, while it goes on.</summary>
internal sealed class QueueControl(QueueBook book, DueOrder order, JournalWriter writer, MessageReader reader)
{
    /// <summary>Written in one frame: ten bytes each, and nobody waits long behind it.</summary>
    private const int MarksAtOnce = 1000;

    /// <summary>The first messages that a filter means.</summary>
    public Task<IReadOnlyList<QueueListing>> ListAsync(QueueFilter filter, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);

        // It reads the disk, which a thread of a session should not wait for.
        return Task.Run<IReadOnlyList<QueueListing>>(() => List(new FilterCheck(filter), limit, cancellationToken), cancellationToken);
    }

    /// <summary>The header section of a message; empty when it is gone or cannot be read.</summary>
    public Task<ReadOnlyMemory<byte>> ReadHeaderAsync(QueueId id, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var content = Read(id, static _ => true);

                // A message without a body may end with its header.
                var end = content.Span.IndexOf("\r\n\r\n"u8);
                return end < 0 ? content : content[..(end + 2)];
            },
            cancellationToken);

    /// <summary>A sealed message; empty for every other, and when it is gone or cannot be read.</summary>
    public Task<ReadOnlyMemory<byte>> ReadSealedAsync(QueueId id, CancellationToken cancellationToken) =>
        Task.Run(() => Read(id, static entry => entry.IsSealed), cancellationToken);

    /// <summary>Makes deferred messages due at once.</summary>
    public async Task<IReadOnlyList<QueueId>> RetryAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        [.. (await SelectAsync(filter, cancellationToken)).Where(order.Hurry).Select(static entry => QueueId.FromSequence(entry.Sequence))];

    /// <summary>Holds, releases or removes messages; durable when it returns.</summary>
    public async Task<IReadOnlyList<QueueId>> MarkAsync(QueueMark mark, QueueFilter filter, CancellationToken cancellationToken)
    {
        var done = new List<QueueId>();
        foreach (var entries in (await SelectAsync(filter, cancellationToken)).Chunk(MarksAtOnce))
        {
            var marking = new MarkRequest(mark, entries);
            var frame = new FrameDraft();
            foreach (var entry in entries)
            {
                if (mark == QueueMark.Remove)
                {
                    frame.AddEnded(entry.Sequence);
                }
                else
                {
                    frame.AddHold(entry.Sequence, mark == QueueMark.Hold);
                }
            }

            frame.Seal();

            // On a full disk it waits for room like a delivery does, because a removal is what makes some.
            var refusal = await writer.CommitAsync(new CommitRequest(frame) { Marking = marking, NeedsFlush = true })
                .WaitAsync(cancellationToken);
            if (refusal is not null)
            {
                throw new ObjectDisposedException(nameof(DiskQueue), $"Nothing was changed: {refusal}.");
            }

            done.AddRange(marking.Done.Select(static entry => QueueId.FromSequence(entry.Sequence)));
        }

        return done;
    }

    private ReadOnlyMemory<byte> Read(QueueId id, Func<QueueEntry, bool> isWanted)
    {
        var named = new FilterCheck(new QueueFilter { Ids = [id] });
        if (book.Select(named.MayFit, 1) is not [var entry] || !isWanted(entry))
        {
            return default;
        }

        return entry.Cached?.Content ?? (reader.Read(entry, withOwnFile: true, out _, out var read) is null ? read : default);
    }

    private Task<List<QueueEntry>> SelectAsync(QueueFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Task.Run(() => Select(new FilterCheck(filter), cancellationToken), cancellationToken);
    }

    private List<QueueEntry> Select(FilterCheck check, CancellationToken cancellationToken)
    {
        var candidates = book.Select(check.MayFit, int.MaxValue);
        if (!check.AsksForEnvelope)
        {
            return candidates;
        }

        var reader = new ListingReader(book, order);
        var found = new List<QueueEntry>();
        foreach (var entry in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.Read(entry) is { } listing && check.Fits(listing.Envelope))
            {
                found.Add(entry);
            }
        }

        return found;
    }

    private List<QueueListing> List(FilterCheck check, int limit, CancellationToken cancellationToken)
    {
        var reader = new ListingReader(book, order);
        var found = new List<QueueListing>();
        foreach (var entry in book.Select(check.MayFit, check.AsksForEnvelope ? int.MaxValue : limit))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (found.Count == limit)
            {
                break;
            }

            if (reader.Read(entry) is { } listing && check.Fits(listing.Envelope))
            {
                found.Add(listing);
            }
        }

        return found;
    }
}
