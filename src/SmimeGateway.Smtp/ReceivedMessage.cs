namespace SmimeGateway.Smtp;

/// <summary>A message as it was received, complete, for which nothing has been promised yet.</summary>
/// <param name="Session">Who sent it.</param>
/// <param name="Envelope">From whom, to whom.</param>
/// <param name="Content">
/// The prefix that <see cref="SmtpServerPolicy.PrefixContent"/> gave, then the exact octets between DATA and the final dot, with the
/// transparency dots removed. One block of memory that belongs to the receiver.
/// </param>
public sealed record ReceivedMessage(SmtpSessionIdentity Session, Envelope Envelope, ReadOnlyMemory<byte> Content)
{
    /// <summary>How many octets of the content are the prefix.</summary>
    public int PrefixLength { get; init; }
}
