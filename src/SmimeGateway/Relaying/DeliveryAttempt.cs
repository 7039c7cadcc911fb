using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>What one delivery did.</summary>
/// <param name="Statuses">One per recipient of the envelope, in its order.</param>
/// <param name="WasTurnedAway">True when nothing was tried because the next hop had its hands full: worth another look soon.</param>
public sealed record DeliveryAttempt(IReadOnlyList<DeliveryStatus> Statuses, bool WasTurnedAway = false)
{
    /// <summary>The same status for every recipient of the envelope.</summary>
    public static DeliveryAttempt Uniform(Envelope envelope, DeliveryStatus status, bool wasTurnedAway = false)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var statuses = new DeliveryStatus[envelope.Recipients.Count];
        Array.Fill(statuses, status);
        return new DeliveryAttempt(statuses, wasTurnedAway);
    }
}
