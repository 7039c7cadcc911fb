using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>What an attempt did for one recipient.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Status">What became of it.</param>
/// <param name="NextHop">The host that was tried, or the way where none was reached, as the log calls it.</param>
/// <param name="WasTurnedAway">True when nothing was tried; see <see cref="DeliveryAttempt"/>.</param>
/// <param name="LookAgainIn">When to look again then; null for soon.</param>
internal readonly record struct DeliveryResult(
    EnvelopeRecipient Recipient, DeliveryStatus Status, string NextHop, bool WasTurnedAway, TimeSpan? LookAgainIn = null)
{
    /// <summary>What becomes of a delayed recipient that is given up after this attempt; null when its status says it already.</summary>
    public DeliveryStatus? AtEnd { get; init; }

    /// <summary>What broke the attempt; null when nothing did.</summary>
    public Exception? Breakage { get; init; }

    /// <summary>True when another message of the queue takes the place of this one for the recipient.</summary>
    public bool IsReleased { get; init; }
}
