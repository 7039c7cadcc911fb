using SmimeGateway.Protecting;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>One thing that a frame says about one message.</summary>
/// <param name="Sequence">The message.</param>
internal abstract record JournalEntry(long Sequence);

/// <summary>The message is here, or moved here: envelope, state, and where its bytes are.</summary>
/// <param name="Sequence">The message.</param>
/// <param name="AcceptedTicks">When it was accepted, in UTC ticks.</param>
/// <param name="Envelope">The envelope with all recipients it ever had.</param>
/// <param name="Protection">What was done to it before it was stored; null when that was not written down.</param>
/// <param name="ContentLength">The length of its content.</param>
/// <param name="ContentChecksum">CRC-32C of its content.</param>
/// <param name="IsOwnFile">True when the content is in a file of its own, false when it follows in this frame.</param>
internal sealed record MessageEntry(
    long Sequence, long AcceptedTicks, Envelope Envelope, Protection? Protection, long ContentLength, uint ContentChecksum, bool IsOwnFile)
    : JournalEntry(Sequence)
{
    /// <summary>How far its delivery has come.</summary>
    public DeliveryState State { get; init; }

    /// <summary>True when an administrator holds it.</summary>
    public bool IsHeld { get; init; }

    /// <summary>What the last attempt came to for recipients that are pending.</summary>
    public IReadOnlyList<RecipientStatus> Statuses { get; init; } = [];

    /// <summary>Where in the frame its content begins, when it follows there.</summary>
    public int ContentOffset { get; init; }
}

/// <summary>An attempt ended and left recipients pending.</summary>
/// <param name="Sequence">The message.</param>
/// <param name="State">The whole new state.</param>
/// <param name="Statuses">What the attempt came to for recipients that are pending.</param>
internal sealed record ProgressEntry(long Sequence, DeliveryState State, IReadOnlyList<RecipientStatus> Statuses) : JournalEntry(Sequence);

/// <summary>No recipient is left.</summary>
/// <param name="Sequence">The message.</param>
internal sealed record EndedEntry(long Sequence) : JournalEntry(Sequence);

/// <summary>An administrator held or released the message.</summary>
/// <param name="Sequence">The message.</param>
/// <param name="IsHeld">True when it is not tried until it is released.</param>
internal sealed record HoldEntry(long Sequence, bool IsHeld) : JournalEntry(Sequence);
