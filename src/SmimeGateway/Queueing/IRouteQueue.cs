namespace SmimeGateway.Queueing;

/// <summary>What waits for one route. A route that cannot deliver rests: its mail costs nothing meanwhile.</summary>
public interface IRouteQueue
{
    /// <summary>Waits for a message that is due and hands it to this caller alone, with those of its recipients that are tried together.</summary>
    ValueTask<QueuedMessage> TakeAsync(CancellationToken cancellationToken);

    /// <summary>Hands out no more until it goes on, but for messages whose sender must hear of the delay or of the end.</summary>
    void Rest();

    /// <summary>Goes on handing out.</summary>
    void GoOn();

    /// <summary>Hands out one message although it rests, to find out whether it is taken.</summary>
    void AdmitOne();

    /// <summary>How much waits.</summary>
    RouteQueueFigures Look();
}

/// <summary>How much waits for a route.</summary>
/// <param name="Waiting">Messages that wait here, counted once for each transaction that they need.</param>
/// <param name="IsResting">True while the route rests.</param>
/// <param name="BusyFor">How long mail has been due while every worker was busy; null while one is free or nothing is due.</param>
public readonly record struct RouteQueueFigures(int Waiting, bool IsResting, TimeSpan? BusyFor);
