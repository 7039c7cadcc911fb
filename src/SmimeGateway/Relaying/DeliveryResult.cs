using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>What an attempt did for one recipient.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Status">What became of it.</param>
/// <param name="NextHop">The host that was tried, or the way where none was reached, as the log calls it.</param>
internal readonly record struct DeliveryResult(EnvelopeRecipient Recipient, DeliveryStatus Status, string NextHop)
{
    private static readonly DeliveryStatus Damaged = new(
        DeliveryAction.Failed, new EnhancedStatus(5, 3, 0), "The message was damaged on the gateway's disk and cannot be delivered.", RemoteMta: null);

    // The disk may give it another time, an administrator may put back the right to read it. When the time is over its sender hears of it.
    private static readonly DeliveryStatus NotGiven = new(
        DeliveryAction.Delayed, new EnhancedStatus(4, 3, 0), "The gateway cannot read the message from its disk.", RemoteMta: null);

    /// <summary>What becomes of a delayed recipient that is given up after this attempt; null when its status says it already.</summary>
    public DeliveryStatus? AtEnd { get; init; }

    /// <summary>True when another message of the queue takes the place of this one for the recipient.</summary>
    public bool IsReleased { get; init; }

    /// <summary>
    /// For each recipient of a message whose content cannot be read: failed for good when what is on the disk is not what was accepted, or to
    /// be tried again.
    /// </summary>
    public static IReadOnlyList<DeliveryResult> OfUnreadable(QueuedMessage message, bool isDamaged, string place) =>
        [.. message.Envelope.Recipients.Select(recipient =>
            new DeliveryResult(recipient, isDamaged ? Damaged : NotGiven, place))];
}
