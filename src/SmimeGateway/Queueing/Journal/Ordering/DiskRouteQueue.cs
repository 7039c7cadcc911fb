namespace SmimeGateway.Queueing.Journal.Ordering;

/// <summary>What waits for one route in a queue on disk.</summary>
internal sealed class DiskRouteQueue(DiskQueue queue, DueOrder orders, RouteOrder order) : IRouteQueue
{
    /// <inheritdoc/>
    public ValueTask<QueuedMessage> TakeAsync(CancellationToken cancellationToken) => queue.TakeAsync(order, cancellationToken);

    /// <inheritdoc/>
    public void Rest() => orders.Under(order.Rest);

    /// <inheritdoc/>
    public void GoOn() => orders.Under(order.GoOn);

    /// <inheritdoc/>
    public void AdmitOne() => orders.Under(order.AdmitOne);

    /// <inheritdoc/>
    public RouteQueueFigures Look()
    {
        var figures = default(RouteQueueFigures);
        orders.Under(() => figures = new RouteQueueFigures(order.Count, order.IsResting, order.BusyFor));
        return figures;
    }
}
