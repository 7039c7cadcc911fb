using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Smtp.Client;

/// <summary>A session that is ready for its first transaction, or the reason why there is none.</summary>
/// <param name="Session">The session, owned by the caller; null when the server would not begin one.</param>
/// <param name="Trouble">Why not: always <see cref="DeliveryAction.Delayed"/>, as it judges the host and not a message.</param>
public sealed record SessionOpening(SmtpClientSession? Session, DeliveryStatus? Trouble)
{
    /// <summary>True when there is a session.</summary>
    [MemberNotNullWhen(true, nameof(Session))]
    [MemberNotNullWhen(false, nameof(Trouble))]
    public bool IsOpen => Session is not null;
}
