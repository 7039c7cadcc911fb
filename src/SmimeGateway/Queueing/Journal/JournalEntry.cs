using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>One thing that a frame says about one message.</summary>
/// <param name="Sequence">The message.</param>
internal abstract record JournalEntry(long Sequence);

/// <summary>The message is here, or moved here: envelope, state, and where its bytes are.</summary>
/// <param name="Sequence">The message.</param>
/// <param name="AcceptedTicks">When it was accepted, in UTC ticks.</param>
/// <param name="Envelope">The envelope with all recipients it ever had.</param>
/// <param name="ContentLength">The length of its content.</param>
/// <param name="ContentChecksum">CRC-32C of its content.</param>
/// <param name="IsOwnFile">True when the content is in a file of its own, false when it follows in this frame.</param>
/// <param name="State">How far its delivery has come.</param>
internal sealed record MessageEntry(
    long Sequence, long AcceptedTicks, Envelope Envelope, long ContentLength, uint ContentChecksum, bool IsOwnFile,
    DeliveryState State) : JournalEntry(Sequence)
{
    /// <summary>Where in the frame its content begins, when it follows there.</summary>
    public int ContentOffset { get; init; }
}

/// <summary>An attempt ended and left recipients pending.</summary>
/// <param name="Sequence">The message.</param>
/// <param name="State">The whole new state.</param>
internal sealed record ProgressEntry(long Sequence, DeliveryState State) : JournalEntry(Sequence);

/// <summary>No recipient is left.</summary>
/// <param name="Sequence">The message.</param>
internal sealed record EndedEntry(long Sequence) : JournalEntry(Sequence);
