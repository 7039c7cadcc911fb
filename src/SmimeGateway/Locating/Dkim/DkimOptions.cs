using System.ComponentModel.DataAnnotations;
using SmimeGateway.Settings;

namespace SmimeGateway.Locating.Dkim;

/// <summary>
/// A DKIM signature (RFC 6376) that is made last, over the octets that leave: one that was made before the gateway does not survive a change.
/// Every entry whose domain is that of the author makes one, provided that an entry of `senders` that names the domain grants the author to the client (one for all domains, `*`, does not count, as it may hand in
/// what others wrote); where entries name a domain
/// and one above it, those of the nearer one do. Relaxed in header and body, over the whole body, with SHA-256. Mail waits (451 4.4.3) while
/// a key was never read.
/// </summary>
/// <example>
/// <code>
/// {
///   "domain": "example.com", "selector": "s1", "key": { "file": "dkim/s1.pem" },
///   "subdomains": true, "mail": "changed", "brokenSignatures": "keep",
///   "headers": ["Subject", "Date", "To", "Cc", "Content-Type"], "oversign": ["Subject"]
/// }
/// </code>
/// </example>
public sealed record DkimOptions
{
    /// <summary>The domain that signs (the tag d). It signs for authors in it, and for no others.</summary>
    public required string Domain { get; init; }

    /// <summary>Which key of the domain it is (the tag s): the DNS holds its public half as SELECTOR._domainkey.DOMAIN; `smimegateway dkim record` prints it.</summary>
    public required string Selector { get; init; }

    /// <summary>
    /// The private key in PEM, not encrypted: RSA of 1024 to 4096 bits, or Ed25519. Its file is read again when it changes; one that becomes
    /// unreadable leaves the key in use that was read before, and one that is deleted takes it away.
    /// </summary>
    public required SecretOptions Key { get; init; }

    /// <summary>Whether it also signs for authors in the domains below.</summary>
    public bool Subdomains { get; init; }

    /// <summary>Which mail is signed: what the gateway signed or encrypted and its own reports, or all.</summary>
    public DkimMail Mail { get; init; }

    /// <summary>What becomes of DKIM signatures that a message came with and that its change breaks. They are told in the log in any case.</summary>
    public BrokenSignatures BrokenSignatures { get; init; }

    /// <summary>
    /// The header fields that are signed where they are there, besides From, which always is. Fields that the next servers take out or add are no
    /// use here, and Bcc is never signed.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<string> Headers { get; init; } =
    [
        "Sender", "Reply-To", "Subject", "Date", "Message-ID", "To", "Cc", "In-Reply-To", "References",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
        "Resent-Date", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Message-ID",
        "List-Id", "List-Help", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Subscribe", "List-Post", "List-Owner", "List-Archive",
    ];

    /// <summary>The header fields of which nobody may add another one, besides From: they are signed once more than they are there.</summary>
    public IReadOnlyList<string> Oversign { get; init; } = [];
}

/// <summary>Which mail gets a DKIM signature.</summary>
public enum DkimMail
{
    /// <summary>What the gateway signed or encrypted, whose former signatures break, and its own reports.</summary>
    Changed,

    /// <summary>All, also what passes unchanged.</summary>
    All,
}

/// <summary>What becomes of DKIM signatures that break.</summary>
public enum BrokenSignatures
{
    /// <summary>They stay, as RFC 6376 section 4.2 advises: verifiers take no notice of them.</summary>
    Keep,

    /// <summary>They are taken out.</summary>
    Remove,
}
