using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>What one delivery did.</summary>
/// <param name="Statuses">One per recipient of the envelope, in its order.</param>
/// <param name="WasTurnedAway">True when nothing was tried because the next hop had its hands full: worth another look soon.</param>
public sealed record DeliveryAttempt(IReadOnlyList<DeliveryStatus> Statuses, bool WasTurnedAway = false)
{
    /// <summary>When to look again after being turned away, where that is known; null for soon.</summary>
    public TimeSpan? LookAgainIn { get; init; }

    /// <summary>The same status for every recipient of the envelope.</summary>
    public static DeliveryAttempt Uniform(Envelope envelope, DeliveryStatus status)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var statuses = new DeliveryStatus[envelope.Recipients.Count];
        Array.Fill(statuses, status);
        return new DeliveryAttempt(statuses);
    }

    /// <summary>Nothing was tried.</summary>
    public static DeliveryAttempt TurnedAway(Envelope envelope, DeliveryStatus status, TimeSpan? lookAgainIn = null) =>
        Uniform(envelope, status) with { WasTurnedAway = true, LookAgainIn = lookAgainIn };
}
