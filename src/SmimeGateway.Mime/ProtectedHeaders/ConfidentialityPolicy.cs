namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>
/// The header confidentiality policy: hcp_baseline, which RFC 9788 section 3.2.1 recommends, and nothing else outside than what delivering
/// and answering need. The list names what stays: programs repeat a subject in fields that nobody has heard of, and a signature of servers
/// holds copies of the fields it covers (the z= of RFC 6376 section 3.5), and verifies nothing any more.
/// </summary>
internal static class ConfidentialityPolicy
{
    /// <summary>What a hidden subject reads outside: a message without one is refused here and there.</summary>
    public const string Obscured = "[...]";

    private static readonly string[] Staying =
    [
        // Where it has been: RFC 5322 section 3.6.7, RFC 7208, RFC 8601, RFC 9228.
        "Received", "Return-Path", "Delivered-To", "Received-SPF", "Authentication-Results", "X-Loop",

        // From whom, to whom, when, and in answer to what: RFC 5322 sections 3.6.1 to 3.6.4 and 3.6.6.
        "From", "Sender", "Reply-To", "To", "Cc", "Date", "Message-ID", "In-Reply-To", "References",
        "Resent-Date", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Message-ID",

        // How programs are to treat it, and which made it: RFC 3834, RFC 2156, RFC 8098, RFC 8689, RFC 7293, RFC 2369, RFC 2919, RFC 8058.
        "Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "Importance", "Priority", "X-Priority", "Sensitivity",
        "Disposition-Notification-To", "User-Agent", "X-Mailer", "TLS-Required", "Require-Recipient-Valid-Since",
        "List-Id", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "List-Owner", "List-Archive",
    ];

    /// <summary>The field as it is seen outside: itself, another one, or null where nothing is to be seen.</summary>
    public static HeaderField? Outside(HeaderField field) =>
        field.Is("Subject") ? field.Body == Obscured ? field : HeaderField.Compose(field.Name, Obscured)
        : Array.Exists(Staying, field.Is) ? field
        : null;

    /// <summary>
    /// Whether people who see only what is outside miss something that programs show them (User-Facing, RFC 9787 section 1.1.2, with the
    /// informational fields that RFC 9788 section 1.9 shows).
    /// </summary>
    public static bool IsMissed(HeaderField field) => field.Is("Subject") || field.Is("Comments") || field.Is("Keywords");
}
