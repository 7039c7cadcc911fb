namespace SmimeGateway.Smtp.Client;

/// <summary>How the client half behaves towards every server.</summary>
/// <param name="HostName">The name given in EHLO and HELO.</param>
public sealed record SmtpClientOptions(string HostName)
{
    /// <summary>How long each phase may take.</summary>
    public SmtpClientTimeouts Timeouts { get; init; } = new();

    /// <summary>Encryption; null speaks plain only.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>False sends by DATA even where the server offers CHUNKING: the way around a server that gets BDAT wrong.</summary>
    public bool UsesChunking { get; init; } = true;

    /// <summary>How to log in; null does not.</summary>
    public ClientCredentials? Credentials { get; init; }
}
