using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Certificates;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying;

/// <summary>The routes in the order of the configuration: the first that is for a recipient is taken.</summary>
/// <param name="routes">The routes.</param>
public sealed class RouteTable(IReadOnlyList<Route> routes) : IAsyncDisposable
{
    // Workers beyond the places of all routes, so that somebody is left to serve the others while one route keeps all of its own busy.
    private const int SpareWorkers = 8;

    /// <summary>How many attempts may run at a time so that every route can be used to its width.</summary>
    public int Width => routes.Sum(route => route.Delivery.Width) + (routes.Count > 1 ? SpareWorkers : 0);

    /// <summary>Makes the routes of a configuration. Nothing is connected before the first message.</summary>
    /// <param name="options">The routes, with folders as complete paths.</param>
    /// <param name="hostName">The name in EHLO.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For the log.</param>
    /// <param name="firstRetry">The first pause between attempts; a host that failed is not left alone for longer. Null when nothing is retried.</param>
    /// <param name="wake">Makes messages due that waited for a host to come back; null when nobody waits.</param>
    /// <param name="memory">The memory that messages share; null where nobody counts.</param>
    public static RouteTable Create(
        IReadOnlyList<RouteOptions> options,
        string hostName,
        TimeProvider time,
        ILoggerFactory loggers,
        TimeSpan? firstRetry = null,
        Action<IReadOnlyList<QueueId>>? wake = null,
        MemoryBudget? memory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var client = new SmtpClientOptions(hostName);
        var log = loggers.CreateLogger<SmtpDelivery>();
        return new RouteTable([.. options.Select(route => new Route(
            [.. route.Recipients.Select(AddressPattern.Parse)],
            route.Folder is { } folder
                ? new FolderDelivery(folder, time)
                : SmtpDelivery.Create(route, client, firstRetry ?? TimeSpan.MaxValue, wake ?? (_ => { }), time, log, memory)))]);
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
    public Route? Find(MailPath recipient)
    {
        var address = ComparableAddress.Of(recipient);
        for (var i = 0; i < routes.Count; i++)
        {
            if (routes[i].IsFor(address))
            {
                return routes[i];
            }
        }

        return null;
    }

    /// <summary>Closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var route in routes)
        {
            await route.Delivery.DisposeAsync();
        }
    }
}
