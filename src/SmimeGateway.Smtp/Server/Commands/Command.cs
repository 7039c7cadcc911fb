namespace SmimeGateway.Smtp.Server.Commands;

/// <summary>A command line, understood. Where it could not be, <see cref="Fault"/> is the reply that says so.</summary>
internal readonly record struct Command(SmtpVerb Verb)
{
    /// <summary>The reply to a command that is malformed, or null.</summary>
    public SmtpReply? Fault { get; init; }

    /// <summary>The name given with EHLO or HELO.</summary>
    public string? HeloName { get; init; }

    /// <summary>The path of MAIL or RCPT.</summary>
    public MailPath? Path { get; init; }

    /// <summary>The parameters of MAIL or RCPT.</summary>
    public CommandParameters Parameters { get; init; }

    /// <summary>The octets that follow BDAT; null when it does not say how many.</summary>
    public long? ChunkSize { get; init; }

    /// <summary>True for BDAT with LAST.</summary>
    public bool IsLastChunk { get; init; }

    /// <summary>The mechanism of AUTH, in upper case.</summary>
    public string? Mechanism { get; init; }

    /// <summary>The response that came with AUTH, or null. It may be a password.</summary>
    public byte[]? InitialResponse { get; init; }
}
