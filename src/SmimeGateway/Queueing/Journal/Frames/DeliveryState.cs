namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>How far the delivery of a message has come, as the journal keeps it. Always complete, so that the last record wins.</summary>
/// <param name="Attempts">Attempts that were recorded; one that a crash cut short is not among them.</param>
/// <param name="NextAttemptTicks">The wall clock time (UTC ticks) of the next one; 0 when none has been made.</param>
/// <param name="PauseTicks">The pause that was chosen then: after a restart nothing waits longer, whatever the clock says.</param>
/// <param name="Ended">The recipients that are delivered or failed.</param>
internal readonly record struct DeliveryState(int Attempts, long NextAttemptTicks, long PauseTicks, RecipientSet Ended)
{
    /// <summary>True once the sender was told that the message is delayed.</summary>
    public bool IsDelayReported { get; init; }

    /// <summary>How long to wait from now on, never more than the pause chosen when the attempt was recorded.</summary>
    public TimeSpan Remaining(DateTimeOffset now) =>
        TimeSpan.FromTicks(Math.Clamp(NextAttemptTicks - now.UtcTicks, 0, Math.Max(0, PauseTicks)));
}
