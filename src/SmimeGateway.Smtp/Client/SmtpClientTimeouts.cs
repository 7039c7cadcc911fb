namespace SmimeGateway.Smtp.Client;

/// <summary>How long the client waits in each phase: the minimum values of RFC 5321 section 4.5.3.2.</summary>
public sealed record SmtpClientTimeouts
{
    /// <summary>For the greeting.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the TLS handshake. No RFC names a value; a server that is alive needs a second.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For the reply to EHLO, HELO, STARTTLS, each step of AUTH, MAIL, RCPT and RSET.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the 354 after DATA.</summary>
    public TimeSpan DataStart { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For the server to take one block of content.</summary>
    public TimeSpan DataBlock { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For the reply to the final dot. The longest of all: giving up here makes a duplicate.</summary>
    public TimeSpan DataEnd { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For the reply to QUIT, on which nothing depends.</summary>
    public TimeSpan Quit { get; init; } = TimeSpan.FromSeconds(5);
}
