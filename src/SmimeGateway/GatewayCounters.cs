namespace SmimeGateway;

/// <summary>
/// Counts what happened since the start. Written from every session and worker without a lock; a reader sees each number as it was at
/// some moment, not all of the same moment.
/// </summary>
public sealed class GatewayCounters
{
    private long _accepted;
    private long _deferred;
    private long _rejected;
    private long _signed;
    private long _delivered;
    private long _retried;
    private long _failed;

    /// <summary>Messages a client got a 250 for.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Messages a client got a 4xx for after their data.</summary>
    public long Deferred => Interlocked.Read(ref _deferred);

    /// <summary>Messages a client got a 5xx for after their data.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Messages signed.</summary>
    public long MessagesSigned => Interlocked.Read(ref _signed);

    /// <summary>Recipients delivered.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Attempts after which a recipient was put off.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Recipients given up.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Counts the end of a message's path.</summary>
    public void Count(Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        _ = outcome switch
        {
            SmimeGateway.Accepted => Interlocked.Increment(ref _accepted),
            SmimeGateway.Deferred => Interlocked.Increment(ref _deferred),
            _ => Interlocked.Increment(ref _rejected),
        };
    }

    /// <summary>Counts a message that was signed.</summary>
    public void CountSigned() => Interlocked.Increment(ref _signed);

    /// <summary>Counts what an attempt did for one recipient.</summary>
    public void Count(Smtp.DeliveryAction action)
    {
        switch (action)
        {
            case Smtp.DeliveryAction.Delivered:
                Interlocked.Increment(ref _delivered);
                break;
            case Smtp.DeliveryAction.Delayed:
                Interlocked.Increment(ref _retried);
                break;
            default:
                Interlocked.Increment(ref _failed);
                break;
        }
    }
}
