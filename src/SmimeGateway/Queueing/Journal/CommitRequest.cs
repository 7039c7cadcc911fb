using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Ordering;
using SmimeGateway.Queueing.Journal.Segments;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// One frame that somebody wants in the journal, and what it changes in memory once it is there. Its task ends with null when that is
/// done, or with the reason for a refusal.
/// </summary>
internal sealed class CommitRequest(FrameDraft frame) : TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The frame.</summary>
    public FrameDraft Frame => frame;

    /// <summary>Messages that are new with it.</summary>
    public IReadOnlyList<QueueEntry> Arriving { get; init; } = [];

    /// <summary>The message whose attempt it records.</summary>
    public QueueEntry? Attempted { get; init; }

    /// <summary>Those recipients of <see cref="Attempted"/> that were tried.</summary>
    public QueueShare? Share { get; init; }

    /// <summary>True when the sender was told that they are delayed.</summary>
    public bool IsDelayReported { get; init; }

    /// <summary>How long those of them rest that are still pending.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>The state of <see cref="Attempted"/> afterwards.</summary>
    public DeliveryState NewState { get; init; }

    /// <summary>True when it states what the pending recipients of <see cref="Attempted"/> heard.</summary>
    public bool HasStatuses { get; init; }

    /// <summary>What an administrator does with it.</summary>
    public MarkRequest? Marking { get; init; }

    /// <summary>Messages that it writes anew, so that the segments they were in can go.</summary>
    public IReadOnlyList<QueueEntry> Moving { get; init; } = [];

    /// <summary>True when the caller may be told that there is no room; false for what has happened already and must be written down.</summary>
    public bool IsRefusable { get; init; }

    /// <summary>True when its task ends only after a flush; false when it is enough that the operating system has it.</summary>
    public bool NeedsFlush { get; init; }

    /// <summary>True once memory shows what it says.</summary>
    public bool IsApplied { get; set; }

    /// <summary>Where its frame begins; set when it is written.</summary>
    public EntryPlace? Place { get; set; }

    /// <summary>Ends its task with the reason why it was not written.</summary>
    public void Refuse(string reason)
    {
        TrySetResult(reason);
        frame.Release();
    }
}
