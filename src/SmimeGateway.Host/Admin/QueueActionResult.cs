namespace SmimeGateway.Host.Admin;

/// <summary>What an action on the queue did.</summary>
/// <param name="Ids">The messages it was done to.</param>
/// <param name="Untouched">Messages that were named and that it was not done to.</param>
internal sealed record QueueActionResult(IReadOnlyList<string> Ids, IReadOnlyList<UntouchedMessage> Untouched)
{
    /// <summary>A sentence for each next hop that takes no mail now, so that being due helps nothing.</summary>
    public IReadOnlyList<string> Resting { get; init; } = [];
}

/// <summary>A message that was named and left as it was.</summary>
/// <param name="Id">Its queue id.</param>
/// <param name="Reason">Why, as the end of a sentence.</param>
internal sealed record UntouchedMessage(string Id, string Reason);

/// <summary>What can be done to messages in the queue.</summary>
internal enum QueueAction
{
    /// <summary>Try deferred ones now.</summary>
    Retry,

    /// <summary>Try them no more until they are released.</summary>
    Hold,

    /// <summary>Try held ones again.</summary>
    Release,

    /// <summary>Forget them.</summary>
    Remove,
}
