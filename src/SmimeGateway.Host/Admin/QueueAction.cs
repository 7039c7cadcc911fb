namespace SmimeGateway.Host.Admin;

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
