using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>What the later stages do with what the listeners take in.</summary>
/// <param name="Handle">Takes each message; its outcome is the reply.</param>
/// <param name="RefuseRecipient">Gives the reply that refuses a recipient, or null.</param>
/// <param name="HasRoomFor">Says whether a message of so many octets could be stored, so that nobody sends one in vain.</param>
public sealed record Intake(
    Func<InboundMessage, CancellationToken, ValueTask<Outcome>> Handle,
    Func<MailPath, SmtpReply?> RefuseRecipient,
    Func<long, bool> HasRoomFor);
