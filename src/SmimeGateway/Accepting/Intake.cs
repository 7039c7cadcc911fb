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

/// <summary>A message as a client offered it, complete and unchanged but for our own Received field. Nothing has been promised for it.</summary>
/// <param name="Session">Who offered it.</param>
/// <param name="Envelope">From whom, to whom.</param>
/// <param name="Content">Our Received field, then the exact octets the client sent; one block of memory that nobody changes.</param>
/// <param name="Received">When its last octet had arrived.</param>
public sealed record InboundMessage(SmtpSessionIdentity Session, Envelope Envelope, ReadOnlyMemory<byte> Content, DateTimeOffset Received)
{
    /// <summary>
    /// Waits until the message and all that is made of it may take so many octets of memory together; false when there are none to be had.
    /// Null where nobody counts.
    /// </summary>
    public Func<long, CancellationToken, ValueTask<bool>>? EnsureMemory { get; init; }

    /// <summary>Who waits for memory is not in trouble, and waits with a deadline of its own: the one given begins anew behind it.</summary>
    internal InboundMessage Unhurried(CancellationTokenSource deadline, TimeSpan length) => EnsureMemory is not { } ensure ? this : this with
    {
        EnsureMemory = async (octets, cancellationToken) =>
        {
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            var isGranted = await ensure(octets, cancellationToken);
            deadline.CancelAfter(length);
            return isGranted;
        },
    };
}
