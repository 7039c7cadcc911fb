using SmimeGateway.Protecting;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Ordering;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// A message in the queue, as small as it can be: what is not needed to decide whose turn it is stays in the segment. The writer changes
/// its state while nobody has it; the places may change at any time.
/// </summary>
internal sealed class QueueEntry(long sequence, long acceptedTicks, int recipients, long contentLength, bool isOwnFile)
{
    private volatile QueueShare[] _shares = [];
    private volatile EntryPlace? _place;
    private volatile EntryPlace? _statusPlace;
    private volatile bool _isGone;
    private volatile bool _isHeld;

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

    /// <summary>True when it is sealed until there is a certificate to encrypt to.</summary>
    public bool IsSealed { get; init; }

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

    /// <summary>
    /// Where it was written last what its recipients heard; null before the first attempt. Never in an earlier segment than
    /// <see cref="Place"/>, so it is there as long as the message is.
    /// </summary>
    public EntryPlace? StatusPlace
    {
        get => _statusPlace;
        set => _statusPlace = value;
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

    /// <summary>True when it is gone from the queue. A worker may still have it, when it was removed meanwhile.</summary>
    public bool IsGone
    {
        get => _isGone;
        set => _isGone = value;
    }

    /// <summary>True when an administrator holds it; should a worker have it, from the end of the attempt on.</summary>
    public bool IsHeld
    {
        get => _isHeld;
        set => _isHeld = value;
    }

    /// <summary>Its recipients that have not ended, as they are tried together. Changed under the gate of the order.</summary>
    public QueueShare[] Shares
    {
        get => _shares;
        set => _shares = value;
    }

    /// <summary>Taken by who records an attempt while the message has several shares: each record says how all of them are doing.</summary>
    public SemaphoreSlim? Recording { get; set; }

    /// <summary>Where it stands in the order of delivery: where the share does that comes first.</summary>
    public Turn Turn
    {
        get
        {
            var shares = _shares;
            var turn = Turn.None;
            for (var i = 0; i < shares.Length; i++)
            {
                var its = shares[i].Turn == Turn.Recording ? Turn.Taken : shares[i].Turn;
                turn = its > turn ? its : turn;
            }

            return turn;
        }
    }

    /// <summary>Roughly what it keeps occupied in its segment.</summary>
    public long SegmentBytes => 256 + (64L * recipients) + (isOwnFile ? 0 : contentLength);
}

/// <summary>What a message that was accepted a moment ago need not be read back for.</summary>
/// <param name="Envelope">The whole envelope.</param>
/// <param name="Protection">What was done to it; null when that is not known.</param>
/// <param name="Content">The bytes.</param>
internal sealed record CachedMessage(Envelope Envelope, Protection? Protection, ReadOnlyMemory<byte> Content);
