using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates;

/// <summary>What a certificate says of itself, as far as TLS needs it.</summary>
/// <param name="Names">The host names and addresses in its subject alternative name.</param>
/// <param name="AllowsServers">Its extended key usage includes TLS servers, or is not stated.</param>
/// <param name="AllowsClients">Its extended key usage includes TLS clients, or is not stated.</param>
public sealed record TlsTraits(IReadOnlyList<string> Names, bool AllowsServers, bool AllowsClients)
{
    private const string Server = "1.3.6.1.5.5.7.3.1";
    private const string Client = "1.3.6.1.5.5.7.3.2";
    private const string Any = "2.5.29.37.0";

    /// <summary>Reads a certificate; what cannot be read in it counts as absent.</summary>
    public static TlsTraits Read(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
            var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages.Cast<Oid>().Select(purpose => purpose.Value).ToList();
            return new TlsTraits(
                names is null ? [] : [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())],
                purposes is null || purposes.Contains(Server) || purposes.Contains(Any),
                purposes is null || purposes.Contains(Client) || purposes.Contains(Any));
        }
        catch (CryptographicException)
        {
            return new TlsTraits([], false, false);
        }
    }

    /// <summary>True when a client that wants this host accepts the certificate by its names (RFC 6125).</summary>
    public static bool Covers(X509Certificate2 certificate, string host)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
