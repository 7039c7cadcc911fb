namespace SmimeGateway.Relaying;

/// <summary>How the gateway logs in to the hosts of a route: with a password or with a token.</summary>
/// <example>
/// <code>
/// { "user": "gateway", "password": { "file": "relay.password" } }
/// {
///   "mechanism": "xoauth2", "user": "gateway@example.com",
///   "token": { "endpoint": "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token", "clientId": "ID",
///              "clientSecret": { "file": "m365.secret" }, "scope": "https://outlook.office365.com/.default" }
/// }
/// </code>
/// </example>
public sealed record RouteAuthenticationOptions
{
    /// <summary>How.</summary>
    public RouteMechanism Mechanism { get; init; } = RouteMechanism.Auto;

    /// <summary>The name of the account; with a token, the mailbox that sends.</summary>
    public required string User { get; init; }

    /// <summary>The password of the account, read anew for each connection.</summary>
    public SecretOptions? Password { get; init; }

    /// <summary>Where a token (OAuth 2.0) comes from, instead of a password.</summary>
    public RouteTokenOptions? Token { get; init; }
}
