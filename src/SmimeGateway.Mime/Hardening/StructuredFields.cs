namespace SmimeGateway.Mime.Hardening;

/// <summary>
/// Fields with a syntax of their own, in which nobody looks for encoded words (RFC 2047 section 5). All others are text, also those that
/// nobody has heard of (RFC 5322 section 3.6.8).
/// </summary>
internal static class StructuredFields
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "Message-ID", "In-Reply-To", "References", "Received", "Return-Path", "Resent-Date", "Resent-Message-ID",
        "MIME-Version", "Content-Transfer-Encoding", "Content-ID", "Content-Location", "Content-Base", "Content-Language", "Content-MD5",
        "Content-Features", "Content-Duration", "Content-Length", "DKIM-Signature", "DomainKey-Signature", "ARC-Seal",
        "ARC-Message-Signature", "ARC-Authentication-Results", "Authentication-Results", "Received-SPF", "Autocrypt", "OpenPGP",
        "List-ID", "List-Archive", "List-Help", "List-Owner", "List-Post", "List-Subscribe", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Delivered-To", "X-Original-To", "Original-Recipient", "Disposition-Notification-Options", "Expires", "Importance", "Priority",
        "Sensitivity", "Auto-Submitted", "Precedence", "Newsgroups", "Path", "Xref", "Lines", "Control",
    };

    /// <summary>Whether the field has a syntax of its own.</summary>
    public static bool Includes(HeaderField field) => Names.Contains(field.Name);
}
