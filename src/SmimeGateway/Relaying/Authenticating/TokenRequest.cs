using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Authenticating;

/// <summary>Writes the form that asks for a token. Secrets are read anew for each request.</summary>
internal static class TokenRequest
{
    /// <summary>The fields of the form.</summary>
    /// <param name="options">Who asks, and for what.</param>
    /// <param name="user">For whom a service account acts.</param>
    /// <param name="time">The clock of assertions.</param>
    /// <exception cref="CredentialsUnavailableException">A secret cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Write(RouteTokenOptions options, string user, TimeProvider time)
    {
        if (options.ServiceAccount is { } account)
        {
            // RFC 7523 section 2.1; the scope stands in the assertion.
            return new Dictionary<string, string>
            {
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
                ["assertion"] = ServiceAccountAssertion.Write(RouteSecret.Read(account, hasLines: true), user, options, time.GetUtcNow()),
            };
        }

        var form = new Dictionary<string, string> { ["client_id"] = options.ClientId ?? string.Empty };
        if (options.RefreshToken is { } refreshToken)
        {
            form["grant_type"] = "refresh_token";
            form["refresh_token"] = RouteSecret.Read(refreshToken);
        }
        else
        {
            form["grant_type"] = "client_credentials";
        }

        if (options.ClientSecret is { } secret)
        {
            form["client_secret"] = RouteSecret.Read(secret);
        }

        if (options.Scope is { } scope)
        {
            form["scope"] = scope;
        }

        return form;
    }
}
