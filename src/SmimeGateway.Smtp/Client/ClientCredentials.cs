namespace SmimeGateway.Smtp.Client;

/// <summary>Which mechanism logs in.</summary>
public enum ClientMechanism
{
    /// <summary>The strongest that the server offers of SCRAM-SHA-256, PLAIN and LOGIN; a token where there is one.</summary>
    Auto,

    /// <summary>RFC 4616; under TLS only.</summary>
    Plain,

    /// <summary>The old LOGIN; under TLS only.</summary>
    Login,

    /// <summary>RFC 7677.</summary>
    ScramSha256,

    /// <summary>An OAuth 2.0 bearer token as Microsoft 365 and Google take it; under TLS only.</summary>
    XOAuth2,

    /// <summary>NTLM, by the framework's own negotiation.</summary>
    Ntlm,

    /// <summary>Kerberos (RFC 4752), by the system's GSSAPI.</summary>
    Gssapi,
}

/// <summary>How the client logs in. Never shown in logs.</summary>
/// <param name="Mechanism">Which mechanism.</param>
/// <param name="User">The user name.</param>
/// <param name="Password">Gives the password anew for each session; null where a token is used.</param>
/// <param name="Token">
/// Gives a bearer token, fetched or kept; null where a password is used. The flag asks for a new one, after the server refused the last.
/// Throws <see cref="CredentialsUnavailableException"/> with a sentence when there is none.
/// </param>
public sealed record ClientCredentials(
    ClientMechanism Mechanism, string User, Func<string>? Password, Func<bool, CancellationToken, ValueTask<string>>? Token)
{
    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"{Mechanism} {User}";
}
