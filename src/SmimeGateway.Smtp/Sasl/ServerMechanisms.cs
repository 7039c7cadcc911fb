namespace SmimeGateway.Smtp.Sasl;

/// <summary>The mechanisms by which clients log in.</summary>
internal static class ServerMechanisms
{
    /// <summary>RFC 7677.</summary>
    public const string ScramSha256 = "SCRAM-SHA-256";

    /// <summary>RFC 4616.</summary>
    public const string Plain = "PLAIN";

    /// <summary>Never standardized, and all that many devices know.</summary>
    public const string Login = "LOGIN";

    private static readonly string[] Secured = [ScramSha256, Plain, Login];
    private static readonly string[] Unsecured = [ScramSha256];

    /// <summary>What a client may use, best first: passwords travel under TLS only.</summary>
    public static IReadOnlyList<string> Offered(SmtpSessionIdentity identity) => identity.Tls is null ? Unsecured : Secured;

    /// <summary>True for the name of one of them.</summary>
    public static bool IsKnown(string? name) => Secured.Contains(name);

    /// <summary>Begins an exchange.</summary>
    public static IServerMechanism Create(string name, UserLookup users) => name switch
    {
        Plain => new PlainMechanism(users),
        Login => new LoginMechanism(users),
        _ => new ScramMechanism(users),
    };
}
