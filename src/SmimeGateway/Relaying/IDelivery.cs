using SmimeGateway.Certificates;
using SmimeGateway.Queueing;

namespace SmimeGateway.Relaying;

/// <summary>A way out of the gateway.</summary>
public interface IDelivery : IAsyncDisposable
{
    /// <summary>What the log calls it.</summary>
    string Name { get; }

    /// <summary>How many messages it can work on at a time to any good.</summary>
    int Width { get; }

    /// <summary>The least time between two messages; zero for any number.</summary>
    TimeSpan Interval => TimeSpan.Zero;

    /// <summary>How many recipients it takes together: what every server has to take in one transaction (RFC 5321 section 4.5.3.1.8), or more.</summary>
    int MostRecipients => 100;

    /// <summary>Says where its messages wait, so that they rest while nothing can be delivered.</summary>
    void Serve(IRouteQueue queue)
    {
    }

    /// <summary>
    /// Tries once to deliver to the recipients that were handed out. Trouble of any kind is a status; a recipient whose status is Delivered is
    /// the next hop's from now on.
    /// </summary>
    /// <param name="message">The message, to those of its recipients that this way is for.</param>
    /// <param name="cancellationToken">Gives up in the middle; whether the message arrived is then unknown.</param>
    ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, CancellationToken cancellationToken);

    /// <summary>The certificate by which it is known where it leads; null where it has none.</summary>
    OwnCertificate? Certificate => null;

    /// <summary>What it needs, and whether that can be used as of now.</summary>
    IReadOnlyList<RouteInspection> Inspect() => [];

    /// <summary>How it is doing.</summary>
    /// <param name="recipients">The patterns of the route that leads here, which become part of the answer.</param>
    RouteStatus Look(IReadOnlyList<string> recipients);
}
