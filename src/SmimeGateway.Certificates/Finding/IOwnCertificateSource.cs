namespace SmimeGateway.Certificates.Finding;

/// <summary>A place where certificates with private keys come from.</summary>
public interface IOwnCertificateSource : IAsyncDisposable
{
    /// <summary>The configured name.</summary>
    string Name { get; }

    /// <summary>All certificates of the moment; the list itself never changes.</summary>
    IReadOnlyList<OwnCertificate> All { get; }

    /// <summary>Grows whenever <see cref="All"/> or <see cref="Problems"/> change.</summary>
    long Version { get; }

    /// <summary>What could not be read, and what to do about it.</summary>
    IReadOnlyList<SourceProblem> Problems { get; }

    /// <summary>The certificates that name an address, usable or not. A source that issues may make one first.</summary>
    /// <exception cref="SourceUnreachableException">The source cannot tell now, but may later.</exception>
    ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(string address, CancellationToken cancellationToken);
}
