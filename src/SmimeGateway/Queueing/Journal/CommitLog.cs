using System.Diagnostics;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Segments;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// The requests on their way to stable storage: gathered for one write, written, flushed, or parked until the disk takes them. Who calls
/// has the gate; it is left while a flush runs that others need not wait for.
/// </summary>
internal sealed class CommitLog(SegmentChain chain, SegmentSupply supply, QueueBook book, OwnFileRemoval ownFiles, Lock gate)
{
    // Written, but not flushed since: kept so that they can be written again should the flush fail.
    private readonly List<CommitRequest> _unflushed = [];

    // What has happened and could not be written yet, in its order.
    private readonly List<CommitRequest> _parked = [];

    // Empty whenever the gate is left, so that a caller finds the journal complete.
    private readonly List<CommitRequest> _gathered = [];
    private long _gatheredBytes;
    private long _unflushedSince;
    private string _refusal = "the queue is starting";

    // Why a caller could not write; the writer gives the segment up for it.
    private Exception? _failure;

    /// <summary>Flushes so far.</summary>
    public long Flushes { get; private set; }

    /// <summary>True while something is written and not flushed, or not even written.</summary>
    public bool HasUnfinished => _unflushed.Count > 0 || _parked.Count > 0;

    /// <summary>True when what could not be written may be by now.</summary>
    public bool MayWriteParked => _parked.Count > 0 && (chain.Fits(_parked[0].Frame.Length) || supply.HasSpare);

    /// <summary>How long the oldest written request waits for its flush.</summary>
    public TimeSpan UnflushedFor => _unflushed.Count > 0 ? Stopwatch.GetElapsedTime(_unflushedSince) : TimeSpan.Zero;

    /// <summary>Gathers a request for the next write; one that finds no room is refused, or parked when it cannot be.</summary>
    public void Admit(CommitRequest request)
    {
        // Behind what could not be written yet, or a later state of a message would be overwritten by an earlier one.
        if (MustWait(request))
        {
            Turn(request);
            return;
        }

        var length = request.Frame.Length;
        if (!chain.Fits(_gatheredBytes + length))
        {
            WriteOut();
            FlushIfNeeded();
            if (!chain.Fits(length) && !chain.TryRoll(length))
            {
                _refusal = "there is no space for another segment";
                Turn(request);
                return;
            }
        }

        if (request.IsRefusable && !supply.TryRefill() && !Compaction.MayUseReserve(request, chain.Active))
        {
            _refusal = "the disk is full";
            Turn(request);
            return;
        }

        if (MustWait(request))
        {
            // A write on the way here failed.
            Turn(request);
            return;
        }

        _gathered.Add(request);
        _gatheredBytes += length;
    }

    /// <summary>Writes what was gathered, and flushes when somebody waits for that.</summary>
    public void WriteOut()
    {
        FailIfCallerDid();
        if (_gathered.Count == 0)
        {
            return;
        }

        try
        {
            chain.Write(_gathered);
            var needsFlush = false;
            foreach (var request in _gathered)
            {
                needsFlush |= request.NeedsFlush && !request.IsApplied;
                NoteWritten(request);
            }

            _gathered.Clear();
            _gatheredBytes = 0;
            if (needsFlush)
            {
                Flush(isShared: true);
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Fail(trouble);
        }
    }

    /// <summary>
    /// Writes on the caller's thread what needs no flush and cannot be refused. Nothing is decided here that the writer might have to take
    /// back: as soon as anything is not as usual, it is left to the writer.
    /// </summary>
    /// <returns>False when the writer has to do it.</returns>
    public bool TryWriteAtOnce(CommitRequest request)
    {
        if (_failure is not null || _parked.Count > 0 || !chain.Fits(request.Frame.Length))
        {
            return false;
        }

        try
        {
            chain.Write([request]);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // The segment may be in the middle of a flush that others wait for; the writer judges when that is over.
            _failure = trouble;
            return false;
        }

        NoteWritten(request);
        return true;
    }

    /// <summary>Flushes all that is written, and lets nobody write more meanwhile: afterwards the segment may be ended.</summary>
    public void FlushIfNeeded()
    {
        FailIfCallerDid();
        if (_unflushed.Count == 0)
        {
            return;
        }

        try
        {
            Flush(isShared: false);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Fail(trouble);
        }
    }

    /// <summary>Gives up the segment that a caller could not write to.</summary>
    public void FailIfCallerDid()
    {
        if (_failure is { } trouble)
        {
            Fail(trouble);
        }
    }

    /// <summary>Tries again what failed before: a segment, a spare, and what could not be written.</summary>
    public void TryAgain()
    {
        if (chain.Active is null)
        {
            _ = chain.TryRoll(0);
        }

        _ = supply.TryRefill();
        if (_parked.Count == 0 || chain.Active is null)
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

    /// <summary>Refuses whatever has not ended.</summary>
    public void RefuseAll(string reason)
    {
        foreach (var request in _gathered.Concat(_unflushed).Concat(_parked))
        {
            request.Refuse(reason);
        }
    }

    private bool MustWait(CommitRequest request) => _parked.Count > 0 && (!request.IsRefusable || request.Attempted is not null);

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

    private void NoteWritten(CommitRequest request)
    {
        if (request is { HasStatuses: true, Attempted: { IsGone: false } attempted })
        {
            attempted.StatusPlace = request.Place;
        }

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

    /// <param name="isShared">True to leave the gate meanwhile, so that callers can write behind what is flushed.</param>
    private void Flush(bool isShared)
    {
        var covered = _unflushed.Count;
        chain.Flush(isShared ? gate : null);
        Flushes++;
        for (var i = 0; i < covered; i++)
        {
            var request = _unflushed[i];
            Complete(request);
            ownFiles.After(request);
            request.Frame.Release();
        }

        _unflushed.RemoveRange(0, covered);
        _unflushedSince = Stopwatch.GetTimestamp();
    }

    private void Complete(CommitRequest request)
    {
        if (!request.IsApplied)
        {
            request.IsApplied = true;
            book.Apply(request);
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
        _failure = null;
        chain.Abandon(trouble);
        _parked.InsertRange(0, open.Where(static request => !request.IsRefusable));
        foreach (var request in open.Where(static request => request.IsRefusable))
        {
            request.Refuse("the disk failed: " + trouble.Message);
        }
    }
}
