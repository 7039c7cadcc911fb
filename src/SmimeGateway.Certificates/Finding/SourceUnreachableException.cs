namespace SmimeGateway.Certificates.Finding;

/// <summary>A source cannot tell now whether it has a certificate, but may later; the message to be signed is deferred.</summary>
public sealed class SourceUnreachableException : Exception
{
    /// <summary>With the reason, fit for a log.</summary>
    public SourceUnreachableException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason, fit for a log, and its cause.</summary>
    public SourceUnreachableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
