using SmimeGateway.Deciding.Patterns;

namespace SmimeGateway.Relaying;

/// <summary>Some recipients, and the way out for them.</summary>
/// <param name="recipients">The recipients it is for.</param>
/// <param name="delivery">The way out.</param>
public sealed class Route(IReadOnlyList<AddressPattern> recipients, IDelivery delivery)
{
    /// <summary>The way out.</summary>
    public IDelivery Delivery => delivery;

    /// <summary>How it is doing.</summary>
    public RouteStatus Look() => delivery.Look([.. recipients.Select(pattern => pattern.Text)]);

    /// <summary>True when the route is for this recipient.</summary>
    public bool IsFor(ComparableAddress recipient) => recipients.Any(pattern => pattern.Matches(recipient));
}
