namespace SmimeGateway.Smtp;

/// <summary>What MAIL's BODY parameter declared (RFC 6152).</summary>
public enum BodyType
{
    /// <summary>No declaration, or BODY=7BIT.</summary>
    SevenBit,

    /// <summary>BODY=8BITMIME.</summary>
    EightBitMime,
}

/// <summary>What MAIL's RET parameter asks a failure report to carry (RFC 3461 section 4.3).</summary>
public enum ReturnedContent
{
    /// <summary>No RET: the reporter's choice.</summary>
    Unspecified,

    /// <summary>RET=FULL: the whole message.</summary>
    Full,

    /// <summary>RET=HDRS: its header only.</summary>
    Headers,
}

/// <summary>What RCPT's NOTIFY parameter asks to be told (RFC 3461 section 4.1). Never excludes all others.</summary>
[Flags]
public enum Notify
{
    /// <summary>No NOTIFY: failures and delays, as mail always had it.</summary>
    None = 0,

    /// <summary>NOTIFY=NEVER: nothing, whatever happens.</summary>
    Never = 1,

    /// <summary>NOTIFY=SUCCESS.</summary>
    Success = 2,

    /// <summary>NOTIFY=FAILURE.</summary>
    Failure = 4,

    /// <summary>NOTIFY=DELAY.</summary>
    Delay = 8,
}

/// <summary>One RCPT of a transaction.</summary>
/// <param name="Path">The forward path.</param>
public sealed record EnvelopeRecipient(MailPath Path)
{
    /// <summary>What NOTIFY asked for.</summary>
    public Notify Notify { get; init; }

    /// <summary>
    /// The value of ORCPT exactly as received, <c>addr-type;xtext</c>, checked against the grammar of RFC 3461 section 4.2 and at most
    /// 500 characters; null when there was none.
    /// </summary>
    public string? OriginalRecipient { get; init; }
}

/// <summary>The envelope of a mail transaction (RFC 5321 section 2.3.1): who sends, who receives, and what MAIL declared.</summary>
/// <param name="ReversePath">The path of MAIL FROM; the null path for reports.</param>
/// <param name="Recipients">The accepted recipients, in the order of their RCPT commands; never empty.</param>
public sealed record Envelope(MailPath ReversePath, IReadOnlyList<EnvelopeRecipient> Recipients)
{
    /// <summary>The declared body type.</summary>
    public BodyType Body { get; init; }

    /// <summary>True when MAIL carried SMTPUTF8 (RFC 6531): header and addresses may hold UTF-8.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>What RET asked for.</summary>
    public ReturnedContent Return { get; init; }

    /// <summary>
    /// The value of ENVID exactly as received: xtext, checked against the grammar of RFC 3461 section 4.4 and at most 100 characters; null
    /// when there was none.
    /// </summary>
    public string? EnvelopeId { get; init; }
}
