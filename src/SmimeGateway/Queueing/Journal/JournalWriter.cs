using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// The one thread that writes the journal. While it flushes, requests collect; the next write takes all of them and one flush serves
/// them all. It alone changes segments and what the book says about messages.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    /// <summary>How long the flush of a record that nobody waits for may be put off.</summary>
    private static readonly TimeSpan LongestUnflushed = TimeSpan.FromSeconds(1);

    /// <summary>How often it looks whether the disk has recovered, or a flush has been put off too long.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly SegmentChain _chain;
    private readonly SegmentSupply _supply;
    private readonly QueueBook _book;
    private readonly Compaction _compaction;
    private readonly OwnFileRemoval _ownFiles;
    private readonly ILogger _log;
    private readonly Thread _thread;
    /// <summary>How long a message rests that the disk did not give.</summary>
    private static readonly TimeSpan PauseAfterReadFailure = TimeSpan.FromMinutes(5);

    private readonly RequestInbox _inbox = new();

    // Written, but not flushed since: kept so that they can be written again should the flush fail.
    private readonly List<CommitRequest> _unflushed = [];

    // What has happened and could not be written yet, in its order.
    private readonly List<CommitRequest> _parked = [];
    private readonly List<CommitRequest> _gathered = [];
    private long _gatheredBytes;
    private long _unflushedSince;
    private string _refusal = "the queue is starting";
    private volatile bool _isAccepting;

    public JournalWriter(
        SegmentChain chain, SegmentSupply supply, QueueBook book, IJournalFolder folder, MessageReader reader, ILogger log)
    {
        _chain = chain;
        _supply = supply;
        _book = book;
        _ownFiles = new OwnFileRemoval(folder, log);
        _log = log;
        _compaction = new Compaction(chain, book, reader, supply.SegmentBytes, GiveUp);

        // The first segment is opened before anybody asks, so that the answer to the first MAIL is right.
        _ = _chain.TryRoll(0);
        _isAccepting = _chain.IsAccepting;
        _thread = new Thread(Run) { IsBackground = true, Name = "Queue writer" };
        _thread.Start();
    }

    /// <summary>True while messages can be accepted.</summary>
    public bool IsAccepting => _isAccepting;

    /// <summary>Flushes that were made for waiting requests; a test sees from it that one serves many.</summary>
    public long Flushes { get; private set; }

    /// <summary>Hands a request over; its task ends when it is written, or refused.</summary>
    public Task<string?> CommitAsync(CommitRequest request)
    {
        if (!_inbox.TryAdd(request))
        {
            request.Refuse("the queue is closed");
        }

        return request.Task;
    }

    /// <summary>
    /// Ends a message whose bytes are damaged; a copy was set aside. One that the disk merely does not give is tried again later.
    /// </summary>
    public void GiveUp(QueueEntry entry, ReadFailure failure)
    {
        QueueLog.MessageUnreadable(_log, QueueId.FromSequence(entry.Sequence), failure.Reason);
        if (!failure.IsDamage)
        {
            _book.Postpone(entry, PauseAfterReadFailure);
            return;
        }

        var frame = new FrameDraft();
        frame.AddEnded(entry.Sequence);
        frame.Seal();
        _ = CommitAsync(new CommitRequest(frame)
        {
            Attempted = entry,
            NewState = entry.State with { Ended = RecipientSet.AllOf(entry.Recipients) },
        });
    }

    /// <summary>Writes what is still to be written, flushes it and ends.</summary>
    public void Dispose()
    {
        _inbox.Close();
        _thread.Join();
        _inbox.Dispose();
        _chain.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The one broad catch of this loop: a bug here must not end the process.")]
    private void Run()
    {
        var batch = new List<CommitRequest>();
        try
        {
            while (_inbox.TryTake(ref batch, Patience()))
            {
                Process(batch);
                batch.Clear();
            }

            Recover();
            FlushIfNeeded();
        }
        catch (Exception trouble)
        {
            QueueLog.WriterEnded(_log, trouble);
        }
        finally
        {
            End(batch);
        }
    }

    private void End(List<CommitRequest> batch)
    {
        _isAccepting = false;
        _inbox.Close();
        var late = new List<CommitRequest>();
        _ = _inbox.TryTake(ref late, TimeSpan.Zero);
        foreach (var request in batch.Concat(late).Concat(_gathered).Concat(_unflushed).Concat(_parked))
        {
            request.Refuse("the queue is closed");
        }
    }

    private TimeSpan Patience()
    {
        if (_compaction.IsDue)
        {
            return TimeSpan.Zero;
        }

        return _unflushed.Count > 0 || _parked.Count > 0 || !_chain.IsAccepting ? Tick : Timeout.InfiniteTimeSpan;
    }

    private void Process(List<CommitRequest> batch)
    {
        var isTick = batch.Count == 0;
        if (isTick || _chain.Active is null)
        {
            Recover();
        }

        foreach (var request in batch)
        {
            Admit(request);
        }

        WriteOut();
        if (isTick || (_unflushed.Count > 0 && Stopwatch.GetElapsedTime(_unflushedSince) > LongestUnflushed))
        {
            FlushIfNeeded();
        }

        if (_compaction.IsDue && _compaction.TryDraft() is { } move)
        {
            Admit(move);
            WriteOut();
            if (!move.IsApplied)
            {
                _compaction.Rest();
            }
        }

        if (_chain.RemoveUnneeded())
        {
            _ = _supply.TryRefill(spaceWasFreed: true);
        }

        _isAccepting = _chain.IsAccepting;
    }

    /// <summary>Tries again what failed before: a segment, a spare, and what could not be written.</summary>
    private void Recover()
    {
        if (_chain.Active is null)
        {
            _ = _chain.TryRoll(0);
        }

        _ = _supply.TryRefill();
        if (_parked.Count == 0 || _chain.Active is null)
        {
            return;
        }

        CommitRequest[] again = [.. _parked];
        _parked.Clear();
        foreach (var request in again)
        {
            Admit(request);
        }

        WriteOut();
    }

    private void Admit(CommitRequest request)
    {
        // Behind what could not be written yet, or a later state of a message would be overwritten by an earlier one.
        if (!request.IsRefusable && _parked.Count > 0)
        {
            Park(request);
            return;
        }

        var length = request.Frame.Length;
        if (!_chain.Fits(_gatheredBytes + length))
        {
            WriteOut();
            FlushIfNeeded();
            if (!_chain.Fits(length) && !_chain.TryRoll(length))
            {
                _refusal = "there is no space for another segment";
                Turn(request);
                return;
            }
        }

        if (request.IsRefusable && !_supply.TryRefill() && !_compaction.MayUseReserve(request))
        {
            _refusal = "the disk is full";
            Turn(request);
            return;
        }

        if (!request.IsRefusable && _parked.Count > 0)
        {
            // A write on the way here failed.
            Park(request);
            return;
        }

        _gathered.Add(request);
        _gatheredBytes += length;
    }

    private void Turn(CommitRequest request)
    {
        if (request.IsRefusable)
        {
            request.Refuse(_refusal);
        }
        else
        {
            Park(request);
        }
    }

    private void Park(CommitRequest request)
    {
        _parked.Add(request);
        if (!request.NeedsFlush)
        {
            // Delivery goes on while there is no room to write it down: that is what makes room.
            Complete(request);
        }
    }

    private void WriteOut()
    {
        if (_gathered.Count == 0)
        {
            return;
        }

        try
        {
            _chain.Write(_gathered);
            var needsFlush = false;
            foreach (var request in _gathered)
            {
                if (request is { HasStatuses: true, Attempted: { IsGone: false } attempted })
                {
                    attempted.StatusPlace = request.Place;
                }

                needsFlush |= request.NeedsFlush && !request.IsApplied;
                if (_unflushed.Count == 0)
                {
                    _unflushedSince = Stopwatch.GetTimestamp();
                }

                _unflushed.Add(request);
                if (!request.NeedsFlush)
                {
                    Complete(request);
                }
            }

            _gathered.Clear();
            _gatheredBytes = 0;
            if (needsFlush)
            {
                FlushOrThrow();
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Fail(trouble);
        }
    }

    private void FlushIfNeeded()
    {
        if (_unflushed.Count == 0)
        {
            return;
        }

        try
        {
            FlushOrThrow();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Fail(trouble);
        }
    }

    private void FlushOrThrow()
    {
        _chain.Flush();
        Flushes++;
        foreach (var request in _unflushed)
        {
            Complete(request);
            _ownFiles.After(request);
            request.Frame.Release();
        }

        _unflushed.Clear();
    }

    private void Complete(CommitRequest request)
    {
        if (!request.IsApplied)
        {
            request.IsApplied = true;
            _book.Apply(request);
            request.TrySetResult(null);
        }
    }

    /// <summary>
    /// Nothing that this segment holds beyond the last good flush counts. What can be refused is refused after the next segment says so;
    /// what has happened already is written again.
    /// </summary>
    private void Fail(Exception trouble)
    {
        CommitRequest[] open = [.. _unflushed, .. _gathered];
        _unflushed.Clear();
        _gathered.Clear();
        _gatheredBytes = 0;
        _chain.Abandon(trouble);
        _isAccepting = _chain.IsAccepting;
        _parked.InsertRange(0, open.Where(static request => !request.IsRefusable));
        foreach (var request in open.Where(static request => request.IsRefusable))
        {
            request.Refuse("the disk failed: " + trouble.Message);
        }
    }
}
