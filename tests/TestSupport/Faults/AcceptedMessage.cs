namespace SmimeGateway.TestSupport.Faults;

/// <summary>A message whose 250 the client read.</summary>
/// <param name="Id">Its X-Id.</param>
/// <param name="At">When the 250 was read.</param>
public sealed record AcceptedMessage(string Id, DateTimeOffset At)
{
    /// <summary>How long the whole transaction took.</summary>
    public TimeSpan Took { get; init; }
}
