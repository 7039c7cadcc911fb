using SmimeGateway.Deciding;
using SmimeGateway.Smtp;

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
    public bool IsFor(MailPath recipient)
    {
        for (var i = 0; i < recipients.Count; i++)
        {
            // Bare postmaster and the like have no domain and still match the asterisk.
            if (recipients[i].Text == "*" || recipients[i].Matches(recipient))
            {
                return true;
            }
        }

        return false;
    }
}
