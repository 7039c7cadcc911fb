using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>What a route says about encryption and logging in fits together, and gives no secret to a stranger.</summary>
internal static class RouteSecurityCheck
{
    private const int ImplicitTlsPort = 465;
    private const string RequireIt = "Write \"tls\": \"required\", or \"implicit\" for a host at port 465.";

    /// <summary>Complains about a sound route with hosts.</summary>
    public static void Check(RouteOptions route, Place place, Complaints complaints)
    {
        if (route.Tls is RouteTls.Off or RouteTls.WhenOffered)
        {
            CheckWithoutJudgement(place, complaints);
        }

        CheckPorts(route, place, complaints);
        CheckTrust(route.Trust, place["trust"], complaints);
        CheckCertificate(route.Certificate, place["certificate"], complaints);
        CheckProxy(route, place, complaints);
        if (route.Authentication is { } authentication)
        {
            RouteAuthenticationCheck.Check(authentication, route.Tls, place["authentication"], complaints);
        }
    }

    // These keys would promise what a mode that falls back to a plain connection does not keep.
    private static void CheckWithoutJudgement(Place place, Complaints complaints)
    {
        foreach (var key in (string[])["trust", "certificate", "minimumVersion"])
        {
            if (place[key].IsPresent)
            {
                complaints.Error(place[key], new Flaw("nobody is judged where TLS is off or left to the offer", RequireIt));
            }
        }
    }

    private static void CheckPorts(RouteOptions route, Place place, Complaints complaints)
    {
        for (var i = 0; i < route.Hosts.Count; i++)
        {
            if (route.Hosts[i].Port == ImplicitTlsPort && route.Tls != RouteTls.Implicit)
            {
                complaints.Warning(place["hosts"][i], new Flaw("at port 465 a host expects TLS from the first byte on", "Write \"tls\": \"implicit\"."));
            }
            else if (route.Hosts[i].Port is 25 or 587 && route.Tls == RouteTls.Implicit)
            {
                complaints.Warning(place["hosts"][i], new Flaw(
                    "at this port a host begins without TLS", "Write \"tls\": \"required\", or the port for implicit TLS, usually 465."));
            }
        }
    }

    private static void CheckProxy(RouteOptions route, Place place, Complaints complaints)
    {
        var hasUser = route.Proxy?.Contains('@', StringComparison.Ordinal) == true;
        if (route.ProxyPassword is not null && !hasUser)
        {
            complaints.Error(place["proxyPassword"], new Flaw(
                "there is no user of a proxy to whom this belongs", "Write him into \"proxy\", as in \"socks5://gateway@proxy.example.com:1080\", or remove the key."));
        }
        else if (route.ProxyPassword is null && hasUser)
        {
            complaints.Error(place["proxy"], new Flaw("the user of the proxy has no password", "Write \"proxyPassword\": { \"file\": ... }, or remove the user."));
        }
    }

    private static void CheckTrust(RouteTrustOptions? trust, Place place, Complaints complaints)
    {
        if (trust is { Roots.Count: > 0, Fingerprints.Count: > 0 })
        {
            complaints.Error(place, new Flaw("a pinned certificate is trusted without a root", "Write either \"roots\" or \"fingerprints\"."));
        }
        else if (trust is { Roots.Count: 0, Fingerprints.Count: 0, Name: null })
        {
            complaints.Error(place, new Flaw("this trusts nobody in particular", "Write \"roots\", \"fingerprints\" or \"name\", or remove the key."));
        }
    }

    private static void CheckCertificate(RouteCertificateOptions? certificate, Place place, Complaints complaints)
    {
        if (certificate is null)
        {
            return;
        }

        if (certificate.Pkcs12 is null == certificate.Pem is null)
        {
            complaints.Error(place, new Flaw("a certificate stands in one place", "Write either \"pkcs12\" or \"pem\"."));
        }
        else if (certificate.Pem is not null && certificate.Password is not null)
        {
            complaints.Error(place["password"], new Flaw("only \"pkcs12\" takes a password here", "Move the password into \"pem\"."));
        }
    }
}
