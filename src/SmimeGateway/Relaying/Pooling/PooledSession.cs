using System.Net;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>A session that a pool lends to one message at a time.</summary>
internal sealed class PooledSession(SmtpClientSession session, DnsEndPoint host, long opened)
{
    /// <summary>The session.</summary>
    public SmtpClientSession Session => session;

    /// <summary>The configured host it leads to.</summary>
    public DnsEndPoint Host => host;

    /// <summary>Timestamp of its opening.</summary>
    public long Opened => opened;

    /// <summary>Timestamp of its last return.</summary>
    public long Returned { get; set; }
}
