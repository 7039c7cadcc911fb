using SmimeGateway.Protecting;
using SmimeGateway.Queueing.Journal;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Queueing;

/// <summary>
/// A durable message that its holder alone may try to deliver until it calls <see cref="IMessageQueue.RecordAsync"/>.
/// </summary>
/// <param name="Id">The queue id.</param>
/// <param name="Envelope">Sender and those pending recipients that are tried together.</param>
/// <param name="Content">The bytes to send, the same at every attempt.</param>
/// <param name="Accepted">When the 250 was given.</param>
/// <param name="Attempts">Attempts that ended before this one.</param>
public sealed record QueuedMessage(QueueId Id, Envelope Envelope, MessageContent Content, DateTimeOffset Accepted, int Attempts)
{
    /// <summary>
    /// How long it has been in the queue, by the clock that never jumps, or by the wall clock where that says less: what is given up
    /// must be old by both.
    /// </summary>
    public TimeSpan Age { get; init; }

    /// <summary>
    /// How long it has been in the queue while the gateway was running, as far as this run knows: for so long it would have been tried again
    /// and again, had there been any use in it.
    /// </summary>
    public TimeSpan Waited { get; init; }

    /// <summary>True when its sender must hear of the delay or of the end, even when it cannot be tried.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>What was done to it before it was accepted; null when the queue does not know, and the worst has to be assumed.</summary>
    public Protection? Protection { get; init; }

    /// <summary>True when its sender was told already that it is delayed.</summary>
    public bool IsDelayReported { get; init; }

    /// <summary>Why <see cref="Content"/> cannot be read; null when it can.</summary>
    internal ReadFailure? Unreadable { get; init; }

    /// <summary>By what the queue that handed the message out knows it again.</summary>
    internal object? Ticket { get; init; }
}
