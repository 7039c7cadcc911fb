using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>
/// Where recipients go that no route is for. They had one when they were accepted, so the configuration changed: an administrator can still
/// mend it.
/// </summary>
internal sealed class NoRoute : IDelivery
{
    private static readonly DeliveryStatus Status = new(
        DeliveryAction.Delayed, new EnhancedStatus(4, 4, 4), "No route is configured for this recipient.", null);

    /// <inheritdoc/>
    public string Name => "(no route)";

    /// <inheritdoc/>
    public int MostRecipients => int.MaxValue;

    /// <inheritdoc/>
    public int Width => 1;

    /// <inheritdoc/>
    public ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return ValueTask.FromResult(DeliveryAttempt.Uniform(message.Envelope, Status));
    }

    /// <inheritdoc/>
    public RouteStatus Look(IReadOnlyList<string> recipients) => new(recipients, Name, 0, Width, default, []);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
