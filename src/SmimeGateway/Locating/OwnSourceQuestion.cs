using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Issuing;

namespace SmimeGateway.Locating;

/// <summary>Asks a source of own certificates on behalf of somebody.</summary>
internal static class OwnSourceQuestion
{
    /// <summary>The certificates that name an address, usable or not; an authority may issue one first.</summary>
    /// <param name="source">The source.</param>
    /// <param name="address">The address.</param>
    /// <param name="client">On whose behalf: an authority issues so many certificates for each client. Null when none is to be issued.</param>
    /// <param name="cancellationToken">Bounds the search; an issuing authority may take a second.</param>
    /// <exception cref="SourceUnreachableException">The source cannot tell now, but may later.</exception>
    public static ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(
        this IOwnCertificateSource source, string address, string? client, CancellationToken cancellationToken) => (source, client) switch
        {
            (BuiltInAuthority authority, null) => ValueTask.FromResult(authority.FindIssued(address)),
            (BuiltInAuthority authority, _) => authority.FindAsync(address, client, cancellationToken),
            _ => source.FindAsync(address, cancellationToken),
        };
}
