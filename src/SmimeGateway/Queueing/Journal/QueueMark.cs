namespace SmimeGateway.Queueing.Journal;

/// <summary>What an administrator wants done to messages.</summary>
internal enum QueueMark
{
    /// <summary>Not tried until released.</summary>
    Hold,

    /// <summary>Tried again as its schedule says.</summary>
    Release,

    /// <summary>Gone, with no report to anybody.</summary>
    Remove,
}
