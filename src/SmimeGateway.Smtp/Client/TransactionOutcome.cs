namespace SmimeGateway.Smtp.Client;

/// <summary>What one attempt to send came to.</summary>
/// <param name="Recipients">One status per recipient of the envelope, in its order.</param>
/// <param name="IsUntouched">
/// True when the session was lost before the server judged anything and before any content was sent: the message may be tried over
/// another connection at once, without the risk of a duplicate.
/// </param>
public sealed record TransactionOutcome(IReadOnlyList<DeliveryStatus> Recipients, bool IsUntouched);
