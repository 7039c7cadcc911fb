using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>A message as a client offered it, complete and unchanged but for our own Received field. Nothing has been promised for it.</summary>
/// <param name="Session">Who offered it.</param>
/// <param name="Envelope">From whom, to whom.</param>
/// <param name="Content">Our Received field, then the exact octets the client sent; one block of memory that nobody changes.</param>
/// <param name="Received">When its last octet had arrived.</param>
public sealed record InboundMessage(SmtpSessionIdentity Session, Envelope Envelope, ReadOnlyMemory<byte> Content, DateTimeOffset Received);
