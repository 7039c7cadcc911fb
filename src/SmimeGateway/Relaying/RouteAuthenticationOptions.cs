using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using SmimeGateway.Settings;

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

    /// <summary>
    /// The name of the account; with a token, the mailbox that sends. Only gssapi without a password does without: the tickets and keys of the
    /// gateway's account say who logs in.
    /// </summary>
    public string? User { get; init; }

    /// <summary>The password of the account, read anew for each connection; gssapi does without.</summary>
    public SecretOptions? Password { get; init; }

    /// <summary>Where a token (OAuth 2.0) comes from, instead of a password.</summary>
    public RouteTokenOptions? Token { get; init; }
}

/// <summary>How the gateway logs in to a next hop.</summary>
public enum RouteMechanism
{
    /// <summary>The strongest that the next hop offers of SCRAM-SHA-256, PLAIN and LOGIN; XOAUTH2 with a token.</summary>
    Auto,

    /// <summary>PLAIN (RFC 4616); only over TLS.</summary>
    Plain,

    /// <summary>LOGIN; only over TLS.</summary>
    Login,

    /// <summary>SCRAM-SHA-256 (RFC 7677): the password itself is never sent.</summary>
    [JsonStringEnumMemberName("scram-sha-256")]
    ScramSha256,

    /// <summary>XOAUTH2 with a token, as Microsoft 365 and Google take it; only over TLS.</summary>
    [JsonStringEnumMemberName("xoauth2")]
    [SuppressMessage("Naming", "CA1709", Justification = "The name of the mechanism.")]
    XOAuth2,

    /// <summary>NTLM, for Exchange servers that want it.</summary>
    Ntlm,

    /// <summary>
    /// Kerberos (RFC 4752), by the system's GSSAPI: with the password of the user, or without one by the tickets and keys that the account of the
    /// gateway has.
    /// </summary>
    Gssapi,
}
