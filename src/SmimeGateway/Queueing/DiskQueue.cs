using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing.Journal;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Ordering;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Queueing;

/// <summary>
/// The queue on one machine's disk: an append-only journal with one flush for all transactions that wait for it. <c>docs/queue.md</c>
/// describes the files.
/// </summary>
public sealed class DiskQueue : IMessageQueue
{
    private readonly QueueLock _lock;
    private readonly DiskSpace _space;
    private readonly DueOrder _order;
    private readonly QueueBook _book;
    private readonly MessageReader _reader;
    private readonly JournalWriter _writer;
    private const string NoRoom = "the queue's disk is full or has failed";

    private readonly FrameComposer _composer;
    private readonly QueueControl _control;
    private readonly RouteSorter _sorter;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private int _isDisposed;

    private DiskQueue(QueueLock ownLock, IJournalFolder folder, DiskQueueOptions options, TimeProvider time, ILogger log)
    {
        _lock = ownLock;
        _time = time;
        _log = log;
        _space = new DiskSpace(folder, options.MaxMessageBytes, time);
        _order = new DueOrder(entry => _book!.AgeOf(entry), time);
        _book = new QueueBook(_order, options.CacheBytes, time);

        var damaged = new DamagedFolder(folder, log);
        var recovered = new Recovery(folder, damaged, log).Run();
        foreach (var entry in recovered.Entries)
        {
            _book.Restore(entry, entry.Place!);
        }

        var segmentBytes = options.SegmentBytes ?? SegmentLength.For(folder);
        var supply = new SegmentSupply(folder, recovered.QueueIdentity, segmentBytes, recovered.NextNumber, log, time);
        supply.AdoptFrom(recovered);
        var chain = new SegmentChain(folder, supply, recovered.Segments, log);
        _reader = new MessageReader(folder, damaged);
        _composer = new FrameComposer(
            folder, Math.Min(options.OwnFileBytes, segmentBytes / 4), segmentBytes / 2, recovered.LastSequence, time);
        _writer = new JournalWriter(chain, supply, _book, folder, _reader, log);
        _writer.End(recovered.Dropped);
        _control = new QueueControl(_book, _order, _writer, _reader);
        _sorter = new RouteSorter(_order, _reader, _writer, log);
        QueueLog.Opened(log, options.Folder, recovered.Entries.Count, chain.Count, damaged.Count);
    }

    /// <summary>Flushes made so far.</summary>
    internal long Flushes => _writer.Flushes;

    /// <summary>The process that works on the queue in a folder; null when none does, or it cannot be told.</summary>
    public static string? FindHolder(string folder) => QueueLock.FindHolder(folder);

    /// <summary>Opens the queue of a folder and reads back what an earlier run left. Damage is set aside and logged; it never prevents the start.</summary>
    /// <exception cref="QueueUnavailableException">Another process has the queue, a newer release wrote it, or the folder cannot be used.</exception>
    public static DiskQueue Open(DiskQueueOptions options, TimeProvider time, ILogger<DiskQueue> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return Open(options, new DiskFolder(options.Folder, log), time, log);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw Unusable(options, trouble);
        }
    }

    /// <summary>Opens a queue whose files are elsewhere than where its lock is.</summary>
    internal static DiskQueue Open(DiskQueueOptions options, IJournalFolder folder, TimeProvider time, ILogger log)
    {
        var ownLock = QueueLock.Acquire(options.Folder);
        try
        {
            return new DiskQueue(ownLock, folder, options, time, log);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            ownLock.Dispose();
            throw Unusable(options, trouble);
        }
        catch
        {
            ownLock.Dispose();
            throw;
        }
    }

    private static QueueUnavailableException Unusable(DiskQueueOptions options, Exception trouble) =>
        new($"The queue folder '{options.Folder}' cannot be used: {FileHindrance.Of(trouble)}", trouble);

    /// <inheritdoc />
    public async ValueTask<EnqueueOutcome> EnqueueAsync(IReadOnlyList<ProtectedMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfZero(messages.Count);
        if (cancellationToken.IsCancellationRequested || !_writer.IsAccepting)
        {
            Discard(messages);
            cancellationToken.ThrowIfCancellationRequested();
            return new EnqueueOutcome([], NoRoom);
        }

        ComposedFrame composed;
        try
        {
            composed = await _composer.ComposeAsync(messages, cancellationToken);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            Discard(messages);
            cancellationToken.ThrowIfCancellationRequested();
            return new EnqueueOutcome([], "a large message could not be written: " + trouble.Message);
        }
        catch
        {
            Discard(messages);
            throw;
        }

        // From here on the outcome is the disk's alone: a caller that went away must not leave it unknown.
        var refusal = await _writer.CommitAsync(
            new CommitRequest(composed.Frame) { Arriving = composed.Entries, IsRefusable = true, NeedsFlush = true });
        if (refusal is not null)
        {
            _composer.RemoveOwnFiles(composed.Entries);
            return new EnqueueOutcome([], refusal);
        }

        var ids = new QueueId[composed.Entries.Count];
        long bytes = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = QueueId.FromSequence(composed.Entries[i].Sequence);
            bytes += composed.Entries[i].ContentLength;
        }

        _space.Spend(bytes);

        return new EnqueueOutcome(ids, null);
    }

    /// <inheritdoc />
    public async ValueTask<ProtectedMessage> LayDownAsync(ProtectedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!_writer.IsAccepting || !_space.HasRoomFor(message.Length))
        {
            throw new IOException(NoRoom);
        }

        _space.Spend(message.Length);
        return await _composer.LayDownAsync(message, cancellationToken);
    }

    /// <inheritdoc />
    public void Discard(IReadOnlyList<ProtectedMessage> messages) => _composer.Discard(messages);

    /// <inheritdoc />
    public IReadOnlyList<IRouteQueue> Divide(QueueDivision division)
    {
        ArgumentNullException.ThrowIfNull(division);
        var orders = _order.Divide(division);
        _ = _sorter.SortAsync(_order.Unsorted);
        return [.. orders.Select(order => new DiskRouteQueue(this, _order, order))];
    }

    /// <inheritdoc />
    public void PutBack(QueuedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _order.GiveBack(ShareOf(message));
    }

    /// <summary>Takes from the queue as long as it is not divided.</summary>
    public ValueTask<QueuedMessage> TakeAsync(CancellationToken cancellationToken) => TakeAsync(_order.Unsorted, cancellationToken);

    /// <summary>Takes from one of the orders.</summary>
    internal async ValueTask<QueuedMessage> TakeAsync(RouteOrder order, CancellationToken cancellationToken)
    {
        while (true)
        {
            var share = await _order.TakeAsync(order, cancellationToken);
            if (share.Entry.Cached is { } cached)
            {
                return Hand(share, cached.Envelope, cached.Protection, cached.Content);
            }

            try
            {
                var unreadable = _reader.Open(share.Entry, out var message, out var content);
                if (_sorter.IsLost(share, message, unreadable))
                {
                    continue;
                }

                if (unreadable is not null)
                {
                    QueueLog.MessageUnreadable(_log, QueueId.FromSequence(share.Entry.Sequence), unreadable.Reason);
                }

                return Hand(share, message!.Envelope, message.Protection, content) with { Unreadable = unreadable };
            }
            catch
            {
                // Such as want of memory: nobody has it now, and it must not stay with nobody.
                _sorter.PutOff(share);
                throw;
            }
        }
    }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The message was not taken from this queue, or was recorded already.</exception>
    public async ValueTask<IReadOnlyList<QueueId>> RecordAsync(QueuedMessage message, AttemptRecord attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(attempt);
        var share = ShareOf(message);
        if (!share.TryBeginRecording())
        {
            throw NotHeld(message);
        }

        // Each record says how the whole message is doing, so those of its shares are made one after another.
        var recording = share.Entry.Recording;
        try
        {
            await (recording?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
            try
            {
                return await RecordAsync(share, message.Envelope, attempt, cancellationToken);
            }
            finally
            {
                recording?.Release();
            }
        }
        catch
        {
            // Nothing was written, so the message is still the caller's, who may record something else.
            share.CancelRecording();
            throw;
        }
    }

    /// <inheritdoc />
    public bool HasRoomFor(long messageBytes) => _writer.IsAccepting && _space.HasRoomFor(messageBytes);

    /// <inheritdoc />
    public QueueSummary Summarize() => _book.Summarize();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QueueListing>> ListAsync(QueueFilter filter, int limit, CancellationToken cancellationToken) =>
        new(_control.ListAsync(filter, limit, cancellationToken));

    /// <inheritdoc />
    public ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(QueueId id, CancellationToken cancellationToken) =>
        new(_control.ReadHeaderAsync(id, cancellationToken));

    /// <inheritdoc />
    public ValueTask<ReadOnlyMemory<byte>> ReadSealedAsync(QueueId id, CancellationToken cancellationToken) =>
        new(_control.ReadSealedAsync(id, cancellationToken));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QueueId>> RetryAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        new(_control.RetryAsync(filter, cancellationToken));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QueueId>> HoldAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        new(_control.MarkAsync(QueueMark.Hold, filter, cancellationToken));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QueueId>> ReleaseAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        new(_control.MarkAsync(QueueMark.Release, filter, cancellationToken));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<QueueId>> RemoveAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        new(_control.MarkAsync(QueueMark.Remove, filter, cancellationToken));

    /// <summary>Writes and flushes what is under way, refuses the rest, and lets another process have the queue.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _order.Dispose();
            _writer.Dispose();
            _composer.Dispose();
            _lock.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static QueueShare ShareOf(QueuedMessage message) => message.Ticket as QueueShare ?? throw NotHeld(message);

    private static InvalidOperationException NotHeld(QueuedMessage message) => new($"Message {message.Id} is not held by this caller.");

    private QueuedMessage Hand(QueueShare share, Envelope envelope, Protection? protection, MessageContent content)
    {
        var (entry, wait) = (share.Entry, _order.WaitOf(share));
        var ended = _book.StateOf(entry).Ended;
        share.Tried = share.IsWhole && ended.Count == 0 ? null : share.FindPending(ended);
        return new QueuedMessage(
            QueueId.FromSequence(entry.Sequence),
            share.Tried is { } places ? envelope with { Recipients = [.. places.Select(place => envelope.Recipients[place])] } : envelope,
            content,
            new DateTimeOffset(entry.AcceptedTicks, TimeSpan.Zero),
            share.Attempts)
        {
            Age = wait.Age,
            Waited = wait.Waited,
            IsOverdue = _order.IsOverdue(share),
            Protection = protection,
            IsDelayReported = share.IsDelayReported,
            Ticket = share,
        };
    }

    private async ValueTask<IReadOnlyList<QueueId>> RecordAsync(
        QueueShare share, Envelope tried, AttemptRecord attempt, CancellationToken cancellationToken)
    {
        var (entry, before) = (share.Entry, _book.StateOf(share.Entry));
        var result = AttemptResult.Of(tried, share.Tried, before.Ended, attempt.Recipients);
        var pause = attempt.NextAttempt - _time.GetUtcNow();
        var (next, statuses) = (pause, result.Pending);
        if (entry.Shares.Length > 1)
        {
            // What is recorded last is all that a restart knows of the message.
            next = _order.RestOfOthers(share) is { } others && others < pause ? others : pause;
            statuses = [.. MessageReader.ReadStatuses(entry).Where(heard => IsOthers(heard.Place)), .. statuses];
        }

        var state = new DeliveryState(
            Math.Max(before.Attempts, share.Attempts + 1), (_time.GetUtcNow() + next).UtcTicks, Math.Max(0, next.Ticks), result.Ended)
        {
            IsDelayReported = before.IsDelayReported || attempt.IsDelayReported,
        };
        ComposedFrame composed;
        try
        {
            composed = await _composer.ComposeAsync(
                entry, state, statuses, attempt.Successors, mayUseOwnFiles: attempt.IsRefusable, cancellationToken);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException && attempt.IsRefusable)
        {
            Discard(attempt.Successors);
            throw;
        }

        var request = new CommitRequest(composed.Frame)
        {
            Attempted = entry,
            Share = share,
            IsDelayReported = attempt.IsDelayReported,
            Pause = pause > TimeSpan.Zero ? pause : TimeSpan.Zero,
            NewState = state,
            HasStatuses = statuses.Count > 0,
            Arriving = composed.Entries,
            IsRefusable = attempt.IsRefusable,

            // Without successors it is enough that the operating system has it: a power cut costs a duplicate, a kill costs nothing.
            NeedsFlush = composed.Entries.Count > 0,
        };
        if (await _writer.CommitAsync(request) is { } refusal)
        {
            if (request.Place is null)
            {
                // A frame that was written and then refused may still be read after a crash, and must find its files.
                _composer.RemoveOwnFiles(composed.Entries);
            }

            throw attempt.IsRefusable
                ? new IOException($"The attempt was not recorded: {refusal}.")
                : new ObjectDisposedException(nameof(DiskQueue), $"The attempt for message {QueueId.FromSequence(entry.Sequence)} was not recorded: {refusal}.");
        }

        return composed.Entries.Count == 0 ? [] : [.. composed.Entries.Select(static successor => QueueId.FromSequence(successor.Sequence))];

        bool IsOthers(int place) => !result.Ended.Contains(place) && !result.Pending.Any(mine => mine.Place == place);
    }
}
