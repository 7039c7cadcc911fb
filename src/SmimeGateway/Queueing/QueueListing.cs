using SmimeGateway.Protecting;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing;

/// <summary>What a message in the queue is doing.</summary>
public enum QueueState
{
    /// <summary>Never tried, and due.</summary>
    Fresh,

    /// <summary>A worker has it.</summary>
    Active,

    /// <summary>Tried, and due again later.</summary>
    Deferred,

    /// <summary>Held by an administrator: not tried until it is released.</summary>
    Held,

    /// <summary>Sealed until there is a certificate to encrypt to; looked for again at every attempt.</summary>
    Waiting,
}

/// <summary>Which messages of the queue are meant. Every condition that is given must hold.</summary>
public sealed record QueueFilter
{
    /// <summary>These messages; empty for any.</summary>
    public IReadOnlyList<QueueId> Ids { get; init; } = [];

    /// <summary>The reverse path fits this; null for any.</summary>
    public Func<MailPath, bool>? Sender { get; init; }

    /// <summary>A pending recipient fits this; null for any.</summary>
    public Func<MailPath, bool>? Recipient { get; init; }

    /// <summary>Accepted before this moment; null for any.</summary>
    public DateTimeOffset? AcceptedBefore { get; init; }

    /// <summary>Accepted after this message; null for any.</summary>
    public QueueId? After { get; init; }

    /// <summary>In this state; null for any.</summary>
    public QueueState? State { get; init; }
}

/// <summary>A pending recipient of a message in the queue.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="LastStatus">What the last attempt came to for it, kept over a restart; null before the first.</param>
public sealed record QueuedRecipient(EnvelopeRecipient Recipient, DeliveryStatus? LastStatus);

/// <summary>A message in the queue, as an administrator sees it.</summary>
/// <param name="Id">Its queue id.</param>
/// <param name="Envelope">Its envelope with the recipients that are pending.</param>
/// <param name="Recipients">The pending recipients.</param>
/// <param name="Octets">The length of its content.</param>
/// <param name="Accepted">When the 250 was given.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Attempts">Attempts that ended.</param>
/// <param name="NextAttempt">When it is due again; null when it is held or a worker has it.</param>
public sealed record QueueListing(
    QueueId Id, Envelope Envelope, IReadOnlyList<QueuedRecipient> Recipients, long Octets, DateTimeOffset Accepted, QueueState State,
    int Attempts, DateTimeOffset? NextAttempt)
{
    /// <summary>What was done to it before it was accepted; null when the queue does not know.</summary>
    public Protection? Protection { get; init; }
}
