using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Securing;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>A listener that speaks TLS has all it needs for it, and one that does not has nothing of it.</summary>
internal static class ListenerTlsCheck
{
    /// <summary>Complains about TLS without a certificate, keys that do not fit together, and client certificates that nobody could show.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            var place = root["listeners"][i]["tls"];
            if (complaints.IsSound(place))
            {
                Check(options.Listeners[i].Tls, place, complaints);
            }
        }
    }

    private static void Check(ListenerTlsOptions tls, Place place, Complaints complaints)
    {
        if (tls.Mode != ListenerTlsMode.Off && tls.Certificate is null)
        {
            complaints.Error(place["mode"], new Flaw(
                "TLS needs a certificate", "Add \"certificate\" with a PKCS #12 or PEM file; \"smimegateway cert request\" is the way to one."));
        }

        if (tls.Key is not null && tls.Certificate is { } certificate && ListenerTls.IsPkcs12(certificate))
        {
            complaints.Error(place["key"], new Flaw("a PKCS #12 file holds its key itself", "Remove \"key\", or name a PEM file with \"certificate\"."));
        }

        var clients = tls.ClientCertificates;
        var within = place["clientCertificates"];
        if (clients.Mode != ClientCertificateMode.Off && tls.Mode == ListenerTlsMode.Off)
        {
            complaints.Error(within["mode"], new Flaw("without TLS nobody shows a certificate", "Set \"mode\" of \"tls\", or remove \"clientCertificates\"."));
        }

        if (clients.Mode != ClientCertificateMode.Off && clients.Roots.Count + clients.Fingerprints.Count == 0)
        {
            complaints.Error(within["mode"], new Flaw(
                "no certificate would be accepted", "Add \"roots\" with the authority of your clients, or \"fingerprints\" of single certificates."));
        }
    }
}
