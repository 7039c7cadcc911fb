namespace SmimeGateway.Queueing.Journal;

/// <summary>What an administrator does to some messages, and to which of them it could still be done.</summary>
/// <param name="mark">What is done.</param>
/// <param name="entries">The messages meant.</param>
internal sealed class MarkRequest(QueueMark mark, IReadOnlyList<QueueEntry> entries)
{
    /// <summary>What is done.</summary>
    public QueueMark Mark => mark;

    /// <summary>The messages meant.</summary>
    public IReadOnlyList<QueueEntry> Entries => entries;

    /// <summary>Those that were still in the queue, and not so already; filled by the writer.</summary>
    public List<QueueEntry> Done { get; } = [];
}

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
