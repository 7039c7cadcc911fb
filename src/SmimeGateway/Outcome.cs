using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>What becomes of a message that was offered: the reply the client hears, and what only the log may say.</summary>
/// <param name="Reply">The reply to the final dot.</param>
/// <param name="Detail">The private reason, for the log; without secrets, but with addresses and file names.</param>
public abstract record Outcome(SmtpReply Reply, string Detail);

/// <summary>The gateway took responsibility: the message is durable.</summary>
/// <param name="Reply">A 250 that names the queue ids.</param>
/// <param name="Detail">What was done.</param>
public sealed record Accepted(SmtpReply Reply, string Detail) : Outcome(Reply, Detail);

/// <summary>Trouble that may pass: the sender keeps the message and tries again.</summary>
/// <param name="Reply">A 4xx.</param>
/// <param name="Detail">Why.</param>
public sealed record Deferred(SmtpReply Reply, string Detail) : Outcome(Reply, Detail);

/// <summary>Trouble that will not pass: the sender reports it to the author.</summary>
/// <param name="Reply">A 5xx.</param>
/// <param name="Detail">Why.</param>
public sealed record Rejected(SmtpReply Reply, string Detail) : Outcome(Reply, Detail);
