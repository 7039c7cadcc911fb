using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Ordering;
using SmimeGateway.Queueing.Journal.Segments;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// The one thread that flushes the journal. While it does, requests collect; the next write takes all of them and one flush serves them
/// all. What needs no flush is written by its caller meanwhile, so that a kill finds no delivery unrecorded for longer than a write takes. Who
/// has the gate changes segments and what the book says about messages; the thread leaves it only while it sleeps and flushes.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    /// <summary>How long the flush of a record that nobody waits for may be put off.</summary>
    private static readonly TimeSpan LongestUnflushed = TimeSpan.FromSeconds(1);

    /// <summary>How often it looks whether the disk has recovered, or a flush has been put off too long.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer than anything takes under the gate but the opening of a segment; who has waited so long leaves it to the writer.</summary>
    private static readonly TimeSpan LongestAtGate = TimeSpan.FromMilliseconds(2);

    /// <summary>How long a message rests that the disk did not give.</summary>
    private static readonly TimeSpan PauseAfterReadFailure = TimeSpan.FromMinutes(5);

    private const int EndedAtOnce = 1000;

    private readonly Lock _gate = new();
    private readonly RequestInbox _inbox = new();
    private readonly SegmentChain _chain;
    private readonly SegmentSupply _supply;
    private readonly QueueBook _book;
    private readonly CommitLog _commits;
    private readonly Compaction _compaction;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private volatile bool _isAccepting;
    private bool _hasEnded;

    public JournalWriter(
        SegmentChain chain, SegmentSupply supply, QueueBook book, IJournalFolder folder, MessageReader reader, ILogger log)
    {
        _chain = chain;
        _supply = supply;
        _book = book;
        _log = log;
        _commits = new CommitLog(chain, supply, book, new OwnFileRemoval(folder, log), _gate);
        _compaction = new Compaction(chain, book, reader, supply.SegmentBytes, (entry, failure) => GiveUp(entry, failure, share: null));

        // The first segment is opened before anybody asks, so that the answer to the first MAIL is right.
        _ = _chain.TryRoll(0);
        _isAccepting = _chain.IsAccepting;
        _thread = new Thread(Run) { IsBackground = true, Name = "Queue writer" };
        _thread.Start();
    }

    /// <summary>True while messages can be accepted.</summary>
    public bool IsAccepting => _isAccepting;

    /// <summary>Flushes that were made for waiting requests; a test sees from it that one serves many.</summary>
    public long Flushes => _commits.Flushes;

    /// <summary>Hands a request over; its task ends when it is written, or refused.</summary>
    public Task<string?> CommitAsync(CommitRequest request)
    {
        if (!TryWriteAtOnce(request) && !_inbox.TryAdd(request))
        {
            request.Refuse("the queue is closed");
        }

        return request.Task;
    }

    /// <summary>
    /// Ends a message whose bytes are damaged; a copy was set aside. One that the disk merely does not give is tried again later.
    /// </summary>
    /// <param name="entry">The message.</param>
    /// <param name="failure">Why it cannot be read.</param>
    /// <param name="share">What its worker has of it; null when nobody has it.</param>
    public void GiveUp(QueueEntry entry, ReadFailure failure, QueueShare? share)
    {
        QueueLog.MessageUnreadable(_log, QueueId.FromSequence(entry.Sequence), failure.Reason);
        if (!failure.IsDamage)
        {
            if (share is not null)
            {
                _book.Postpone(share, PauseAfterReadFailure);
            }

            return;
        }

        var frame = new FrameDraft();
        frame.AddEnded(entry.Sequence);
        frame.Seal();
        _ = CommitAsync(new CommitRequest(frame)
        {
            Attempted = entry,
            Share = share,
            NewState = entry.State with { Ended = RecipientSet.AllOf(entry.Recipients) },
        });
    }

    /// <summary>
    /// Ends messages that the start left out as confirmed to nobody; with later ones behind them, the next start would take them for confirmed.
    /// </summary>
    public void End(IReadOnlyList<long> dropped)
    {
        foreach (var sequences in dropped.Chunk(EndedAtOnce))
        {
            var frame = new FrameDraft();
            foreach (var sequence in sequences)
            {
                frame.AddEnded(sequence);
            }

            frame.Seal();
            _ = CommitAsync(new CommitRequest(frame) { NeedsFlush = true });
        }
    }

    /// <summary>Writes what is still to be written, flushes it and ends.</summary>
    public void Dispose()
    {
        _inbox.Close();
        _thread.Join();
        _inbox.Dispose();
        _chain.Dispose();
    }

    private bool TryWriteAtOnce(CommitRequest request)
    {
        // The writer itself comes here while it looks through a segment, which must not change under its eyes.
        if (request.NeedsFlush || request.IsRefusable || _gate.IsHeldByCurrentThread || !_gate.TryEnter(LongestAtGate))
        {
            return false;
        }

        try
        {
            var isFirst = !_commits.HasUnfinished;
            if (_hasEnded || !_commits.TryWriteAtOnce(request))
            {
                return false;
            }

            if (isFirst)
            {
                // It sleeps until somebody comes, and this one has to be flushed within a second.
                _inbox.Nudge();
            }

            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The one broad catch of this loop: a bug here must not end the process.")]
    private void Run()
    {
        var batch = new List<CommitRequest>();
        var patience = TimeSpan.Zero;
        try
        {
            while (_inbox.TryTake(ref batch, patience, out var isTick))
            {
                lock (_gate)
                {
                    Process(batch, isTick);
                    patience = Patience();
                }

                batch.Clear();
            }

            lock (_gate)
            {
                _hasEnded = true;
                _commits.TryAgain();
                _commits.FlushIfNeeded();
            }
        }
        catch (Exception trouble)
        {
            QueueLog.WriterEnded(_log, trouble);
        }
        finally
        {
            lock (_gate)
            {
                End(batch);
            }
        }
    }

    private void End(List<CommitRequest> batch)
    {
        const string reason = "the queue is closed";
        _hasEnded = true;
        _isAccepting = false;
        _inbox.Close();
        var late = new List<CommitRequest>();
        _ = _inbox.TryTake(ref late, TimeSpan.Zero, out _);
        _commits.RefuseAll(reason);
        foreach (var request in batch.Concat(late))
        {
            request.Refuse(reason);
        }
    }

    private TimeSpan Patience()
    {
        if (_compaction.IsDue)
        {
            return TimeSpan.Zero;
        }

        return _commits.HasUnfinished || !_chain.IsAccepting ? Tick : Timeout.InfiniteTimeSpan;
    }

    private void Process(List<CommitRequest> batch, bool isTick)
    {
        _commits.FailIfCallerDid();
        if (isTick || _chain.Active is null || _commits.MayWriteParked)
        {
            _commits.TryAgain();
        }

        foreach (var request in batch)
        {
            _commits.Admit(request);
        }

        _commits.WriteOut();
        if (isTick || _commits.UnflushedFor > LongestUnflushed)
        {
            _commits.FlushIfNeeded();
        }

        if (_compaction.IsDue && _compaction.TryDraft() is { } move)
        {
            _commits.Admit(move);
            _commits.WriteOut();
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
}
