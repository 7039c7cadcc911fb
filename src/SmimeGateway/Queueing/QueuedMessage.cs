using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing;

/// <summary>
/// A durable message that its holder alone may try to deliver until it calls <see cref="IMessageQueue.RecordAsync"/>.
/// </summary>
/// <param name="Id">The queue id.</param>
/// <param name="Envelope">Sender and the recipients that are still pending.</param>
/// <param name="Content">The bytes to send, the same at every attempt.</param>
/// <param name="Accepted">When the 250 was given.</param>
/// <param name="Attempts">Attempts that ended before this one.</param>
public sealed record QueuedMessage(QueueId Id, Envelope Envelope, ReadOnlyMemory<byte> Content, DateTimeOffset Accepted, int Attempts)
{
    /// <summary>By what the queue that handed the message out knows it again.</summary>
    internal object? Ticket { get; init; }
}
