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

    /// <summary>
    /// True when the session was lost between the server's consent to STARTTLS and its first reply under TLS, and TLS is only wanted where
    /// it is offered. Nothing of a message was sent: the caller may connect once more at once, with options whose
    /// <see cref="SmtpClientOptions.Tls"/> is null, as mail in plain is what it asked for before mail not at all. Never true where TLS is
    /// required or implicit.
    /// </summary>
    public bool MayTryWithoutTls { get; init; }
}
