using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>A session on loan, or why no host gave one.</summary>
internal readonly record struct NextHopConnection(PooledSession? Session, DeliveryStatus? Trouble)
{
    /// <summary>True when there is a session.</summary>
    [MemberNotNullWhen(true, nameof(Session))]
    [MemberNotNullWhen(false, nameof(Trouble))]
    public bool IsOpen => Session is not null;

    /// <summary>True when a host is well, but has as many connections as it may.</summary>
    public bool IsBusy { get; init; }
}
