namespace SmimeGateway.Smtp;

/// <summary>What a server session says of itself and what it allows.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The name in the greeting and in the reply to EHLO.</summary>
    public required string HostName { get; init; }

    /// <summary>The biggest message in octets, as RFC 1870 counts them; announced with SIZE.</summary>
    public long MaxMessageBytes { get; init; } = 50_000_000;

    /// <summary>
    /// The longest line of a message in octets, without its line end and without the transparency dot. RFC 5321 section 4.5.3.1.6 asks for
    /// 998 at least, and real programs write far longer ones.
    /// </summary>
    public long MaxLineBytes { get; init; } = 10_000_000;

    /// <summary>What that limit is called where it is set, for the reply to a message that exceeds it.</summary>
    public string? LineLimitName { get; init; }

    /// <summary>The most recipients of one transaction; further ones are told to come with the next.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>How long the client may take to its next command, or to its next piece of a message.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a transaction may take from MAIL to the final dot.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many commands may be wrong without a message being accepted in between; one more ends the session.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>STARTTLS (RFC 3207). Needs <see cref="SmtpServerPolicy.StartTls"/>. Not offered where the transport is secured already.</summary>
    public SessionOffer Tls { get; init; }

    /// <summary>AUTH (RFC 4954). Needs <see cref="SmtpServerPolicy.Authentication"/>. PLAIN and LOGIN are offered under TLS only.</summary>
    public SessionOffer Authentication { get; init; }

    /// <summary>Soft mode: every 5xx about a sender, a recipient or a message becomes 4xx, so that nothing bounces while a configuration is tried out.</summary>
    public bool IsSoft { get; init; }
}

/// <summary>Whether a server session offers something to the client, and whether the client must take it.</summary>
public enum SessionOffer
{
    /// <summary>Not offered.</summary>
    None,

    /// <summary>Offered, and left to the client.</summary>
    Offered,

    /// <summary>Offered, and nothing else goes on without it: 530 5.7.0.</summary>
    Required,
}
