namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>A frame ready to be written, and the messages that arrive with it.</summary>
/// <param name="Frame">The frame, sealed.</param>
/// <param name="Entries">Its new messages, in their order.</param>
internal readonly record struct ComposedFrame(FrameDraft Frame, IReadOnlyList<QueueEntry> Entries);
