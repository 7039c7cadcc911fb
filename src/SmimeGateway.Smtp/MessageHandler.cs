namespace SmimeGateway.Smtp;

/// <summary>
/// Takes responsibility for a message, or refuses it: what it returns is the reply to the final dot. An exception becomes 451 4.3.0.
/// </summary>
public delegate ValueTask<SmtpReply> MessageHandler(ReceivedMessage message, CancellationToken cancellationToken);
