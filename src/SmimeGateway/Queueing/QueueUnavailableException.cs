namespace SmimeGateway.Queueing;

/// <summary>The queue cannot be opened at all: another process has it, or a newer release wrote it. The message tells what to do.</summary>
public sealed class QueueUnavailableException : Exception
{
    /// <summary>Says why.</summary>
    public QueueUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, with what the operating system said.</summary>
    public QueueUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
