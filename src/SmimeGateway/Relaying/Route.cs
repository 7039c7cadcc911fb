using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Relaying.Pooling;

namespace SmimeGateway.Relaying;

/// <summary>Some recipients, and the way out for them.</summary>
/// <param name="recipients">The recipients it is for.</param>
/// <param name="delivery">The way out.</param>
public sealed class Route(IReadOnlyList<AddressPattern> recipients, IDelivery delivery)
{
    /// <summary>The way out.</summary>
    public IDelivery Delivery => delivery;

    /// <summary>What it delivered so far.</summary>
    internal DeliveryTally Tally { get; init; } = new();

    /// <summary>The patterns it is for.</summary>
    internal IReadOnlyList<string> Recipients { get; } = [.. recipients.Select(pattern => pattern.Text)];

    /// <summary>How it is doing.</summary>
    public RouteStatus Look() => delivery.Look(Recipients);

    /// <summary>True when the route is for this recipient.</summary>
    public bool IsFor(ComparableAddress recipient) => recipients.Any(pattern => pattern.Matches(recipient));
}
