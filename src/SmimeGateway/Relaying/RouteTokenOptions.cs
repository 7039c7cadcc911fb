using SmimeGateway.Settings;

namespace SmimeGateway.Relaying;

/// <summary>
/// Where access tokens (OAuth 2.0) come from: by the credentials of an application (RFC 6749 section 4.4), by its refresh token, or by the
/// key of a service account (RFC 7523), as Google issues it. A token is kept and replaced before it expires.
/// </summary>
/// <example>
/// <code>
/// { "endpoint": "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token", "clientId": "ID", "clientSecret": { "file": "m365.secret" },
///   "scope": "https://outlook.office365.com/.default" }
/// { "endpoint": "https://login.example.com/token", "clientId": "ID", "refreshToken": { "file": "mail.token" } }
/// { "endpoint": "https://oauth2.googleapis.com/token", "serviceAccount": { "file": "google.json" }, "scope": "https://mail.google.com/" }
/// </code>
/// </example>
public sealed record RouteTokenOptions
{
    /// <summary>The address of the token endpoint.</summary>
    [Notation(Notation.HttpsAddress)]
    public required string Endpoint { get; init; }

    /// <summary>The application's id.</summary>
    public string? ClientId { get; init; }

    /// <summary>The application's secret.</summary>
    public SecretOptions? ClientSecret { get; init; }

    /// <summary>A refresh token that somebody consented to; without it, the application asks for itself.</summary>
    public SecretOptions? RefreshToken { get; init; }

    /// <summary>The JSON key of a service account, which acts for the user of the route; instead of id and secret.</summary>
    public SecretOptions? ServiceAccount { get; init; }

    /// <summary>What the token is for.</summary>
    public string? Scope { get; init; }
}
