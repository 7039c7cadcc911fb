using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Logging in to a next hop has what its mechanism needs, and no stranger hears the password.</summary>
internal static class RouteAuthenticationCheck
{
    /// <summary>Complains about one authentication.</summary>
    public static void Check(RouteAuthenticationOptions authentication, RouteTls tls, Place place, Complaints complaints)
    {
        var hasTickets = authentication is { Mechanism: RouteMechanism.Gssapi, Password: null, Token: null };
        if (authentication.Password is null == authentication.Token is null && !hasTickets)
        {
            complaints.Error(place, new Flaw("one logs in with a password or with a token", "Write either \"password\" or \"token\"."));
            return;
        }

        if (authentication is { Token: not null, Mechanism: not (RouteMechanism.Auto or RouteMechanism.XOAuth2) })
        {
            complaints.Error(place["mechanism"], new Flaw("this mechanism takes no token", "Write \"xoauth2\", or \"password\" instead of \"token\"."));
        }
        else if (authentication is { Password: not null, Mechanism: RouteMechanism.XOAuth2 })
        {
            complaints.Error(place["mechanism"], new Flaw("this mechanism takes no password", "Write \"token\" instead of \"password\", or \"auto\"."));
        }

        // These never send the password itself, so somebody in between learns at most what he can guess.
        if (tls is RouteTls.Off or RouteTls.WhenOffered
            && authentication.Mechanism is not (RouteMechanism.ScramSha256 or RouteMechanism.Ntlm or RouteMechanism.Gssapi))
        {
            complaints.Error(place, new Flaw(
                "whoever sits in between could read the password",
                "Write \"tls\": \"required\" or \"implicit\" for the route, or \"mechanism\": \"scram-sha-256\"."));
        }

        CheckToken(authentication.Token, place["token"], complaints);
    }

    private static void CheckToken(RouteTokenOptions? token, Place place, Complaints complaints)
    {
        if (token is null)
        {
            return;
        }

        if (token.ServiceAccount is not null && (token.ClientId is not null || token.ClientSecret is not null || token.RefreshToken is not null))
        {
            complaints.Error(place["serviceAccount"], new Flaw(
                "a service account needs no other credentials", "Remove \"clientId\", \"clientSecret\" and \"refreshToken\", or this key."));
        }
        else if (token.ServiceAccount is null && token.ClientId is null)
        {
            complaints.Error(place, new Flaw("nobody asks for the token", "Write \"clientId\" and \"clientSecret\", or \"serviceAccount\"."));
        }
        else if (token is { ServiceAccount: null, ClientSecret: null, RefreshToken: null })
        {
            complaints.Error(place, new Flaw("the application has nothing to prove itself with", "Write \"clientSecret\", or a \"refreshToken\"."));
        }
    }
}
