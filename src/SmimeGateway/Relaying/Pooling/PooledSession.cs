using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>A session that a pool lends to one message at a time.</summary>
internal sealed class PooledSession(SmtpClientSession session, NextHopAddress address, long opened)
{
    /// <summary>The session.</summary>
    public SmtpClientSession Session => session;

    /// <summary>Where it leads to.</summary>
    public NextHopAddress Address => address;

    /// <summary>Timestamp of its opening.</summary>
    public long Opened { get; } = opened;

    /// <summary>Timestamp of its last return.</summary>
    public long Returned { get; set; } = opened;
}
