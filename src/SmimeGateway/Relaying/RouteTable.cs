using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Certificates;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying;

/// <summary>The routes in the order of the configuration: the first that is for a recipient is taken.</summary>
/// <param name="routes">The routes.</param>
public sealed class RouteTable(IReadOnlyList<Route> routes) : IAsyncDisposable
{
    /// <summary>The way out of each route, and behind them that of recipients without one.</summary>
    public IReadOnlyList<IDelivery> Deliveries { get; } = [.. routes.Select(route => route.Delivery), new NoRoute()];

    /// <summary>Makes the routes of a configuration. Nothing is connected before the first message.</summary>
    /// <param name="options">The routes, with folders as complete paths.</param>
    /// <param name="hostName">The name in EHLO.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For the log.</param>
    /// <param name="firstRetry">The first pause between attempts; a host that failed is not left alone for longer. Null when nothing is retried.</param>
    /// <param name="memory">The memory that messages share; null where nobody counts.</param>
    /// <param name="previous">The routes whose place they take; what these delivered to the same recipients stays counted.</param>
    public static RouteTable Create(
        IReadOnlyList<RouteOptions> options,
        string hostName,
        TimeProvider time,
        ILoggerFactory loggers,
        TimeSpan? firstRetry = null,
        MemoryBudget? memory = null,
        RouteTable? previous = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var client = new SmtpClientOptions(hostName);
        var log = loggers.CreateLogger<SmtpDelivery>();
        return new RouteTable([.. options.Select(Open)]);

        Route Open(RouteOptions route)
        {
            AddressPattern[] recipients = [.. route.Recipients.Select(AddressPattern.Parse)];
            var tally = previous?.FindTally([.. recipients.Select(pattern => pattern.Text)]) ?? new DeliveryTally();
            IDelivery delivery = route.Folder is { } folder
                ? new FolderDelivery(folder, time, tally)
                : SmtpDelivery.Create(route, client, firstRetry ?? TimeSpan.MaxValue, time, log, memory, tally);
            return new Route(recipients, delivery) { Tally = tally };
        }
    }

    /// <summary>How each route is doing, in their order.</summary>
    public IReadOnlyList<RouteStatus> Look() => [.. routes.Select(route => route.Look())];

    /// <summary>The certificates by which next hops know the gateway as of now, with what the log calls them.</summary>
    public IEnumerable<(string Target, OwnCertificate Certificate)> Certificates =>
        from route in routes
        let shown = route.Delivery.Certificate
        where shown is not null
        select (route.Delivery.Name, shown);

    /// <summary>The route for a recipient, or null when there is none: an error, not a guess.</summary>
    public Route? Find(MailPath recipient) => IndexOf(recipient) is var index && index < routes.Count ? routes[index] : null;

    /// <summary>The place of a recipient's way out among <see cref="Deliveries"/>.</summary>
    public int IndexOf(MailPath recipient)
    {
        var address = ComparableAddress.Of(recipient);
        for (var i = 0; i < routes.Count; i++)
        {
            if (routes[i].IsFor(address))
            {
                return i;
            }
        }

        return routes.Count;
    }

    private DeliveryTally? FindTally(IEnumerable<string> recipients) => routes.FirstOrDefault(route => route.Recipients.SequenceEqual(recipients))?.Tally;

    /// <summary>Closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var delivery in Deliveries)
        {
            await delivery.DisposeAsync();
        }
    }
}
