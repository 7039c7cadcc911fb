namespace SmimeGateway;

/// <summary>
/// Counts what happened since the start. Written from every session and worker without a lock; a reader sees each number as it was at
/// some moment, not all of the same moment.
/// </summary>
public sealed class GatewayCounters(TimeProvider time)
{
    private long _accepted;
    private long _deferred;
    private long _rejected;
    private long _signed;
    private long _encrypted;
    private long _held;
    private long _domainSigned;
    private long _harvested;
    private long _harvestsSkipped;
    private long _delivered;
    private long _retried;
    private long _failed;
    private long _connectionsRefused;
    private long _memoryRefusals;
    private long _logins;
    private long _loginsFailed;
    private long _loginsRefused;
    private long _broken;
    private long _brokenAt;
    private long _acceptedWhenBroken;

    /// <summary>Counts by the system's clock.</summary>
    public GatewayCounters()
        : this(TimeProvider.System)
    {
    }

    /// <summary>Messages a client got a 250 for.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Messages a client got a 4xx for after their data.</summary>
    public long Deferred => Interlocked.Read(ref _deferred);

    /// <summary>Messages a client got a 5xx for after their data.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Messages signed; one that left in several copies counts as often.</summary>
    public long MessagesSigned => Interlocked.Read(ref _signed);

    /// <summary>Messages encrypted; one that left in several copies counts as often.</summary>
    public long MessagesEncrypted => Interlocked.Read(ref _encrypted);

    /// <summary>Messages held for lack of a certificate.</summary>
    public long MessagesHeld => Interlocked.Read(ref _held);

    /// <summary>Messages that a domain signed (DKIM); one that left in several copies counts as often.</summary>
    public long MessagesDomainSigned => Interlocked.Read(ref _domainSigned);

    /// <summary>Certificates, or new capabilities of their owners, that were kept from signed mail.</summary>
    public long CertificatesHarvested => Interlocked.Read(ref _harvested);

    /// <summary>Signed messages whose certificates were not looked at for lack of time.</summary>
    public long HarvestsSkipped => Interlocked.Read(ref _harvestsSkipped);

    /// <summary>Recipients delivered.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Attempts after which a recipient was put off.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Recipients given up.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Connections turned away because there were too many.</summary>
    public long ConnectionsRefused => Interlocked.Read(ref _connectionsRefused);

    /// <summary>Messages put off because no memory came free for them.</summary>
    public long MemoryRefusals => Interlocked.Read(ref _memoryRefusals);

    /// <summary>Logins that succeeded.</summary>
    public long Logins => Interlocked.Read(ref _logins);

    /// <summary>Logins that failed.</summary>
    public long LoginsFailed => Interlocked.Read(ref _loginsFailed);

    /// <summary>Logins that were not looked at because too many from the same address had failed.</summary>
    public long LoginsRefused => Interlocked.Read(ref _loginsRefused);

    /// <summary>Messages that met an internal error; their clients got a 451.</summary>
    public long Broken => Interlocked.Read(ref _broken);

    /// <summary>How long ago the last message met an internal error; null when none did, or when one was accepted since.</summary>
    public TimeSpan? SinceBroken =>
        Broken > 0 && Interlocked.Read(ref _acceptedWhenBroken) == Accepted ? time.GetElapsedTime(Interlocked.Read(ref _brokenAt)) : null;

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

    /// <summary>Counts a message that met an internal error.</summary>
    public void CountBroken()
    {
        Interlocked.Exchange(ref _brokenAt, time.GetTimestamp());
        Interlocked.Exchange(ref _acceptedWhenBroken, Accepted);
        Interlocked.Increment(ref _broken);
    }

    /// <summary>Counts what was done to a message that the queue has; before, a later step may still refuse it.</summary>
    internal void CountKept(bool isSigned, bool isEncrypted, bool isHeld, bool isDomainSigned)
    {
        Interlocked.Add(ref _signed, isSigned ? 1 : 0);
        Interlocked.Add(ref _encrypted, isEncrypted ? 1 : 0);
        Interlocked.Add(ref _held, isHeld ? 1 : 0);
        Interlocked.Add(ref _domainSigned, isDomainSigned ? 1 : 0);
    }

    /// <summary>Counts a certificate that was kept from signed mail.</summary>
    public void CountHarvested() => Interlocked.Increment(ref _harvested);

    /// <summary>Counts a signed message whose certificates were not looked at.</summary>
    public void CountHarvestSkipped() => Interlocked.Increment(ref _harvestsSkipped);

    /// <summary>Counts a connection that was turned away.</summary>
    public void CountConnectionRefused() => Interlocked.Increment(ref _connectionsRefused);

    /// <summary>Counts a message for which there was no memory.</summary>
    public void CountMemoryRefusal() => Interlocked.Increment(ref _memoryRefusals);

    /// <summary>Counts a login.</summary>
    public void CountLogin(bool isIn) => Interlocked.Increment(ref isIn ? ref _logins : ref _loginsFailed);

    /// <summary>Counts a login that was refused unseen.</summary>
    public void CountLoginRefused() => Interlocked.Increment(ref _loginsRefused);

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
