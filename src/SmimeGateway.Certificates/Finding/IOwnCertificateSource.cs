namespace SmimeGateway.Certificates.Finding;

/// <summary>A place where certificates with private keys come from.</summary>
public interface IOwnCertificateSource : ICertificateSource
{
    /// <summary>All certificates of the moment; the list itself never changes.</summary>
    IReadOnlyList<OwnCertificate> All { get; }

    /// <summary>The certificates that name an address, usable or not. A source that issues may make one first.</summary>
    /// <exception cref="SourceUnreachableException">The source cannot tell now, but may later.</exception>
    ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(string address, CancellationToken cancellationToken);
}
