using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>What clients could have against the certificate of a listener.</summary>
internal static class ServerCertificateWarnings
{
    /// <summary>One sentence for each thing, with what to do about it.</summary>
    public static IEnumerable<string> Find(X509Certificate2 certificate, string hostName, DateTimeOffset now)
    {
        var traits = CertificateTraits.Read(certificate);
        var tls = TlsTraits.Read(certificate);
        if (now > traits.NotAfter)
        {
            yield return $"It ended on {traits.NotAfter:yyyy-MM-dd}: clients that look at it refuse it. Replace it.";
        }
        else if (now < traits.NotBefore)
        {
            yield return $"It is valid from {traits.NotBefore:yyyy-MM-dd} on: until then, clients that look at it refuse it.";
        }

        if (traits.KeyWeakness is { } weakness)
        {
            yield return $"{char.ToUpperInvariant(weakness[0])}{weakness[1..]}: clients that look at it refuse it. Request one with a new key of 2,048 bits or more.";
        }

        if (!tls.AllowsServers)
        {
            yield return "It is not meant for TLS servers: clients that look at it refuse it. Request one with the extended key usage serverAuth.";
        }

        if (!TlsTraits.Covers(certificate, hostName))
        {
            yield return $"It does not name {hostName}, but {string.Join(", ", tls.Names.DefaultIfEmpty("no host at all"))}: clients that connect to that name refuse it.";
        }
    }
}
