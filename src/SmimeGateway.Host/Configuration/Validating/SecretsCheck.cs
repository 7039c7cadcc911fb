using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Every secret has exactly one place where it is read.</summary>
internal static class SecretsCheck
{
    /// <summary>Complains about secrets with no place or two.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            Check(options.Listeners[i].Tls.Password, root["listeners"][i]["tls"]["password"], complaints);
        }

        for (var i = 0; i < options.Certificates.Own.Count; i++)
        {
            var own = options.Certificates.Own[i];
            var place = root["certificates"]["own"][i];
            Check(own.Password, place["password"], complaints);
            Check(own.Pem?.Password, place["pem"]["password"], complaints);
        }

        for (var i = 0; i < options.Routes.Count; i++)
        {
            var route = options.Routes[i];
            var place = root["routes"][i];
            Check(route.Certificate?.Password, place["certificate"]["password"], complaints);
            Check(route.Certificate?.Pem?.Password, place["certificate"]["pem"]["password"], complaints);
            Check(route.ProxyPassword, place["proxyPassword"], complaints);
            Check(route.Authentication?.Password, place["authentication"]["password"], complaints);
            var token = place["authentication"]["token"];
            Check(route.Authentication?.Token?.ClientSecret, token["clientSecret"], complaints);
            Check(route.Authentication?.Token?.RefreshToken, token["refreshToken"], complaints);
            Check(route.Authentication?.Token?.ServiceAccount, token["serviceAccount"], complaints);
        }

        for (var i = 0; i < options.Dkim.Count; i++)
        {
            Check(options.Dkim[i].Key, root["dkim"][i]["key"], complaints);
        }

        Check(options.Encryption.HoldKey, root["encryption"]["holdKey"], complaints);
    }

    private static void Check(SecretOptions? secret, Place place, Complaints complaints)
    {
        if (secret is not null && complaints.IsSound(place) && secret.File is null == secret.Env is null)
        {
            complaints.Error(place, new Flaw(
                "a secret has one place where it is read", "Write { \"file\": \"/run/secrets/name\" } or { \"env\": \"NAME\" }."));
        }
    }
}
