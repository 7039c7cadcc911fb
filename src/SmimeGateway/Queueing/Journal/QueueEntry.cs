using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// A message in the queue, as small as it can be: what is not needed to decide whose turn it is stays in the segment. The writer changes
/// its state while nobody holds it; the place may change at any time.
/// </summary>
internal sealed class QueueEntry(long sequence, long acceptedTicks, int recipients, long contentLength, bool isOwnFile)
{
    private const int Waiting = 0;
    private const int Held = 1;
    private const int Recording = 2;

    private int _hold;
    private volatile EntryPlace? _place;

    /// <summary>Names it in the journal; also its queue id.</summary>
    public long Sequence => sequence;

    /// <summary>When it was accepted, in UTC ticks.</summary>
    public long AcceptedTicks => acceptedTicks;

    /// <summary>How many recipients it ever had.</summary>
    public int Recipients => recipients;

    /// <summary>The length of its content.</summary>
    public long ContentLength => contentLength;

    /// <summary>True when its content is in a file of its own.</summary>
    public bool IsOwnFile => isOwnFile;

    /// <summary>How far its delivery has come.</summary>
    public DeliveryState State { get; set; }

    /// <summary>Recipients that have not ended.</summary>
    public int PendingRecipients => recipients - State.Ended.Count;

    /// <summary>Where it was written last; null until it is durable.</summary>
    public EntryPlace? Place
    {
        get => _place;
        set => _place = value;
    }

    /// <summary>Its envelope and bytes while they are kept in memory.</summary>
    public CachedMessage? Cached { get; set; }

    /// <summary>
    /// When it was accepted, as a timestamp of the clock that never jumps; for a message that an earlier run left, worked out from the
    /// wall clock at the start.
    /// </summary>
    public long BornAt { get; set; }

    /// <summary>Its place in the order of arrival.</summary>
    public LinkedListNode<QueueEntry>? AgeNode { get; set; }

    /// <summary>True when it is gone from the queue.</summary>
    public bool IsGone { get; set; }

    /// <summary>Roughly what it keeps occupied in its segment.</summary>
    public long SegmentBytes => 256 + (64L * recipients) + (isOwnFile ? 0 : contentLength);

    /// <summary>Notes that a caller holds it now.</summary>
    public void Hold() => Interlocked.Exchange(ref _hold, Held);

    /// <summary>Notes that its holder is about to record; false when nobody holds it.</summary>
    public bool TryBeginRecording() => Interlocked.CompareExchange(ref _hold, Recording, Held) == Held;

    /// <summary>Notes that nobody holds it any more.</summary>
    public void LetGo() => Interlocked.Exchange(ref _hold, Waiting);
}

/// <summary>What a message that was accepted a moment ago need not be read back for.</summary>
/// <param name="Envelope">The whole envelope.</param>
/// <param name="Content">The bytes.</param>
internal sealed record CachedMessage(Envelope Envelope, ReadOnlyMemory<byte> Content);
