using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>Tries once to get a message to all of its recipients, each by its own route.</summary>
/// <param name="routes">The routes.</param>
internal sealed class Relay(RouteTable routes)
{
    private const string NoNextHop = "(no route)";

    // The recipient had a route when it was accepted, so the configuration changed: an administrator can still mend it.
    private static readonly DeliveryStatus NoRoute = new(
        DeliveryAction.Delayed, new EnhancedStatus(4, 4, 4), "No route is configured for this recipient.", null);

    /// <summary>Returns one result for each pending recipient of the message, in its order.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop before anything was found out about any of them.</exception>
    public async ValueTask<IReadOnlyList<DeliveryResult>> RelayAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        var recipients = message.Envelope.Recipients;
        var results = new DeliveryResult[recipients.Count];
        if (FindCommonRoute(recipients) is { } route)
        {
            await RelayAsync(message, message.Envelope, route, null, results, cancellationToken);
            return Known(results, cancellationToken);
        }

        // The groups run side by side: recipients behind a slow route must not delay those behind a fast one.
        var groups = Enumerable.Range(0, recipients.Count).GroupBy(index => routes.Find(recipients[index].Path));
        await Task.WhenAll(groups.Select(group =>
        {
            int[] places = [.. group];
            var envelope = message.Envelope with { Recipients = [.. places.Select(index => recipients[index])] };
            return RelayAsync(message, envelope, group.Key, places, results, cancellationToken);
        }));
        return Known(results, cancellationToken);
    }

    // What one server has said is kept although another was not waited for: it would be delivered twice.
    private static DeliveryResult[] Known(DeliveryResult[] results, CancellationToken stop)
    {
        if (Array.TrueForAll(results, result => ReferenceEquals(result.Status, DeliveryAttempt.Interrupted)))
        {
            stop.ThrowIfCancellationRequested();
        }

        return results;
    }

    private Route? FindCommonRoute(IReadOnlyList<EnvelopeRecipient> recipients)
    {
        var first = routes.Find(recipients[0].Path);
        for (var i = 1; i < recipients.Count; i++)
        {
            if (routes.Find(recipients[i].Path) != first)
            {
                return null;
            }
        }

        return first;
    }

    private static async Task RelayAsync(
        QueuedMessage message, Envelope envelope, Route? route, int[]? places, DeliveryResult[] results, CancellationToken cancellationToken)
    {
        DeliveryAttempt attempt;
        try
        {
            attempt = route is null
                ? DeliveryAttempt.Uniform(envelope, NoRoute)
                : await route.Delivery.DeliverAsync(message, envelope, cancellationToken);
        }
#pragma warning disable CA1031 // What breaks one way out must not take with it what is known of the others: it would be delivered twice.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            attempt = DeliveryAttempt.Broke(envelope, exception, cancellationToken);
        }

        for (var i = 0; i < attempt.Statuses.Count; i++)
        {
            var isUntried = ReferenceEquals(attempt.Statuses[i], DeliveryAttempt.Interrupted);
            results[places?[i] ?? i] = new DeliveryResult(
                envelope.Recipients[i],
                attempt.Statuses[i],
                attempt.Hosts?[i] ?? route?.Delivery.Name ?? NoNextHop,
                attempt.WasTurnedAway || isUntried,
                isUntried ? TimeSpan.Zero : attempt.LookAgainIn)
            {
                Breakage = attempt.Breakage,
            };
        }
    }
}
