namespace SmimeGateway.Queueing.Journal;

/// <summary>Why a message could not be read back.</summary>
/// <param name="Reason">For the log.</param>
/// <param name="IsDamage">True when the bytes are wrong and a copy was set aside; false when the disk did not give any, which may pass.</param>
internal sealed record ReadFailure(string Reason, bool IsDamage);
