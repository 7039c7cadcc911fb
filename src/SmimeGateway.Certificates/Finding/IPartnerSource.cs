namespace SmimeGateway.Certificates.Finding;

/// <summary>A place where the certificates of partners come from.</summary>
public interface IPartnerSource : ICertificateSource
{
    /// <summary>All certificates that are at hand; of a source that is asked for each address, none. The list itself never changes.</summary>
    IReadOnlyList<PartnerCertificate> All { get; }

    /// <summary>The certificates that name an address, usable or not.</summary>
    /// <exception cref="SourceUnreachableException">The source cannot tell now, but may later.</exception>
    ValueTask<PartnerCertificateCollection> FindAsync(string address, CancellationToken cancellationToken);

    /// <summary>Called, on any thread, whenever the source may hold certificates it did not hold before.</summary>
    void OnArrival(Action arrived);
}
