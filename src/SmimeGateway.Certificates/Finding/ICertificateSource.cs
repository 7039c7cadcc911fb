namespace SmimeGateway.Certificates.Finding;

/// <summary>A place where certificates come from, own ones or partners'.</summary>
public interface ICertificateSource : IAsyncDisposable
{
    /// <summary>The configured name.</summary>
    string Name { get; }

    /// <summary>Grows whenever what the source holds, or its <see cref="Problems"/>, change.</summary>
    long Version { get; }

    /// <summary>
    /// What could not be read, and what to do about it. While one of them conceals something, the absence of a certificate proves nothing.
    /// </summary>
    IReadOnlyList<SourceProblem> Problems { get; }

    /// <summary>Takes what went away for withdrawn from now on: the administrator says that it is meant.</summary>
    void AcceptLoss()
    {
        // Most sources lose nothing that a deleted file would not withdraw.
    }
}
