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

        CheckUser(authentication, hasTickets, place["user"], complaints);
        if (authentication.Mechanism == RouteMechanism.Gssapi && tls is RouteTls.Off or RouteTls.WhenOffered)
        {
            complaints.Warning(place["mechanism"], new Flaw(
                "the system's library may ask DNS for the name of the service that gets the ticket, and no certificate is judged that would tell a false one",
                "Write \"tls\": \"required\" or \"implicit\" for the route."));
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

    private static void CheckUser(RouteAuthenticationOptions authentication, bool hasTickets, Place user, Complaints complaints)
    {
        if (authentication.User is null && !hasTickets)
        {
            complaints.Error(user, new Flaw("\"user\" is missing", "Add it; it has no default."));
        }
        else if (authentication.User is not null && hasTickets)
        {
            complaints.Warning(user, new Flaw(
                "without a password nobody looks at it: the tickets and keys of the gateway's account say who logs in", "Remove the key, or write \"password\"."));
        }
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
