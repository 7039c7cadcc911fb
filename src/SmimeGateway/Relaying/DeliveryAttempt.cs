using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>What one delivery did.</summary>
/// <param name="Statuses">One per recipient of the envelope, in its order.</param>
public sealed record DeliveryAttempt(IReadOnlyList<DeliveryStatus> Statuses)
{
    /// <summary>What becomes of recipients that the gateway could not finish because it was told to stop: nothing was found out about them.</summary>
    public static readonly DeliveryStatus Interrupted = new(
        DeliveryAction.Delayed, new EnhancedStatus(4, 3, 2), "The gateway stopped meanwhile.", null);

    // Unknown trouble is temporary.
    private static readonly DeliveryStatus Broken = new(
        DeliveryAction.Delayed, new EnhancedStatus(4, 3, 0), "An unexpected error in the gateway.", null);

    /// <summary>The host that each recipient was offered to, as the log names it; null where none was connected to.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>What broke it; null when nothing did.</summary>
    public Exception? Breakage { get; init; }

    /// <summary>True when nothing was tried, because no host could be reached or the gateway was told to stop.</summary>
    public bool IsUntried { get; init; }

    /// <summary>The same status for every recipient of the envelope.</summary>
    public static DeliveryAttempt Uniform(Envelope envelope, DeliveryStatus status)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var statuses = new DeliveryStatus[envelope.Recipients.Count];
        Array.Fill(statuses, status);
        return new DeliveryAttempt(statuses);
    }

    /// <summary>Nothing is known of any recipient, because of an exception.</summary>
    /// <param name="envelope">Whose recipients.</param>
    /// <param name="breakage">What was thrown.</param>
    /// <param name="stop">Tells whether it was thrown because the gateway was told to stop.</param>
    public static DeliveryAttempt Broke(Envelope envelope, Exception breakage, CancellationToken stop) =>
        breakage is OperationCanceledException && stop.IsCancellationRequested
            ? Untried(envelope, Interrupted)
            : Uniform(envelope, Broken) with { Breakage = breakage };

    /// <summary>Nothing was tried.</summary>
    public static DeliveryAttempt Untried(Envelope envelope, DeliveryStatus status) => Uniform(envelope, status) with { IsUntried = true };
}
