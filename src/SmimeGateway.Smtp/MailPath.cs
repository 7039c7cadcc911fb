namespace SmimeGateway.Smtp;

/// <summary>
/// A reverse path or forward path of RFC 5321 section 4.1.2: the null path, a mailbox, or the bare <c>postmaster</c>.
/// Source routes are accepted by the parser and dropped, as section 3.3 asks.
/// </summary>
public sealed partial class MailPath
{
    /// <summary>The null reverse path, written <c>&lt;&gt;</c>.</summary>
    public static MailPath Null { get; } = new(string.Empty, string.Empty);

    private MailPath(string localPart, string domain)
    {
        LocalPart = localPart;
        Domain = domain;
    }

    /// <summary>The local part without quoting: <c>"john doe"@example.com</c> has the local part <c>john doe</c>.</summary>
    public string LocalPart { get; }

    /// <summary>The domain or address literal as received, without angle brackets; empty for the null path and for bare postmaster.</summary>
    public string Domain { get; }

    /// <summary>True for the null reverse path.</summary>
    public bool IsNull => LocalPart.Length == 0 && Domain.Length == 0;
}
