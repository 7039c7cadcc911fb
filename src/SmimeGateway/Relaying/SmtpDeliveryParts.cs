using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Relaying.Authenticating;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Relaying.Securing;

namespace SmimeGateway.Relaying;

/// <summary>What a route may have beside its hosts; owned by the delivery that gets it.</summary>
internal sealed record SmtpDeliveryParts
{
    /// <summary>The route; null where nothing is configured beside its hosts.</summary>
    public RouteOptions? Route { get; init; }

    /// <summary>How connections are encrypted; null for never.</summary>
    public RouteSecurity? Security { get; init; }

    /// <summary>What is logged in with; null for nothing.</summary>
    public RouteCredentials? Credentials { get; init; }

    /// <summary>The most messages in a minute; null for any number.</summary>
    public int? MessagesPerMinute { get; init; }

    /// <summary>The memory that messages share; null where nobody counts.</summary>
    public MemoryBudget? Memory { get; init; }

    /// <summary>What was delivered so far.</summary>
    public DeliveryTally Tally { get; init; } = new();
}
