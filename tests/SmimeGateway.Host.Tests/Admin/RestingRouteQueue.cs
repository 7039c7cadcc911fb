using SmimeGateway.Queueing;

namespace SmimeGateway.Host.Tests.Admin;

/// <summary>A queue of one message, which rests when it is told to.</summary>
internal sealed class RestingRouteQueue : IRouteQueue
{
    private volatile bool _isResting;

    public ValueTask<QueuedMessage> TakeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Rest() => _isResting = true;

    public void GoOn() => _isResting = false;

    public void AdmitOne()
    {
    }

    public RouteQueueFigures Look() => new(1, _isResting, null);
}
