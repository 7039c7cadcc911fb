namespace SmimeGateway.Smtp;

/// <summary>What MAIL's BODY parameter declared (RFC 6152).</summary>
public enum BodyType
{
    /// <summary>No declaration, or BODY=7BIT.</summary>
    SevenBit,

    /// <summary>BODY=8BITMIME.</summary>
    EightBitMime,
}

/// <summary>One RCPT of a transaction.</summary>
/// <param name="Path">The forward path.</param>
public sealed record EnvelopeRecipient(MailPath Path);

/// <summary>The envelope of a mail transaction (RFC 5321 section 2.3.1): who sends, who receives, and what MAIL declared.</summary>
/// <param name="ReversePath">The path of MAIL FROM; the null path for reports.</param>
/// <param name="Recipients">The accepted recipients, in the order of their RCPT commands; never empty.</param>
public sealed record Envelope(MailPath ReversePath, IReadOnlyList<EnvelopeRecipient> Recipients)
{
    /// <summary>The declared body type.</summary>
    public BodyType Body { get; init; }

    /// <summary>True when MAIL carried SMTPUTF8 (RFC 6531): header and addresses may hold UTF-8.</summary>
    public bool SmtpUtf8 { get; init; }
}
