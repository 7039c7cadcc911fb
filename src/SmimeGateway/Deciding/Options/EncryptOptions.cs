using System.ComponentModel.DataAnnotations;
using SmimeGateway.Cms;
using SmimeGateway.Settings;

namespace SmimeGateway.Deciding.Options;

/// <summary>How a rule encrypts. Keys that are left out have the values of <c>encryption</c>.</summary>
/// <example>
/// <code>
/// {
///   "to": ["folder", "seen"], "ciphers": ["aes256-gcm", "aes256-cbc"], "unknownCapabilities": "aes256-cbc",
///   "keyTransport": "oaep-sha256", "identifyBy": "keyIdentifier", "blindCopies": "separateTogether",
///   "includeSender": false, "compress": false,
///   "protectHeaders": true, "legacyDisplay": true, "whenMissing": "hold"
/// }
/// </code>
/// </example>
public sealed record EncryptOptions
{
    /// <summary>The names of the entries of certificates.partners to encrypt to, asked in this order.</summary>
    [Notation(Notation.Name)]
    [MinLength(1)]
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>
    /// What the partners of this rule read, the best first: the first is used unless a recipient announced to prefer another. Nothing that is
    /// not in the list is ever used.
    /// </summary>
    /// <value>encryption.ciphers, from which only what recipients are known to read is used</value>
    public IReadOnlyList<ContentCipher> Ciphers { get; init; } = [];

    /// <summary>The cipher for recipients who announced nothing, or nothing of the list.</summary>
    /// <value>the first of the rule's own ciphers, or encryption.unknownCapabilities</value>
    public ContentCipher? UnknownCapabilities { get; init; }

    /// <summary>How the key is encrypted to recipients with RSA keys; those with elliptic keys get key agreement.</summary>
    /// <value>encryption.keyTransport</value>
    public KeyTransport? KeyTransport { get; init; }

    /// <summary>How the message names the certificates it is for.</summary>
    /// <value>encryption.identifyBy</value>
    public RecipientNaming? IdentifyBy { get; init; }

    /// <summary>How blind recipients get the message.</summary>
    /// <value>encryption.blindCopies</value>
    public BlindCopyTreatment? BlindCopies { get; init; }

    /// <summary>Whether the message is encrypted to its author too, so that a copy in Sent Items stays readable.</summary>
    /// <value>encryption.includeSender</value>
    public bool? IncludeSender { get; init; }

    /// <summary>Whether the content is compressed before it is encrypted (RFC 3274). Few clients read it.</summary>
    /// <value>encryption.compress</value>
    public bool? Compress { get; init; }

    /// <summary>Whether the header is protected too (RFC 9788): the subject is hidden from everybody but the recipients.</summary>
    public bool ProtectHeaders { get; init; }

    /// <summary>Whether a protected subject is repeated in the text, for clients that do not know protected headers.</summary>
    public bool LegacyDisplay { get; init; }

    /// <summary>What happens to recipients without a usable certificate.</summary>
    public WhenRecipientMissing WhenMissing { get; init; }
}

/// <summary>What happens when there is no usable certificate for a recipient to whom a rule encrypts.</summary>
public enum WhenRecipientMissing
{
    /// <summary>The whole message is refused with 550 5.7.5, which names these recipients.</summary>
    Reject,

    /// <summary>The others get theirs, and the sender a delivery report about these.</summary>
    Bounce,

    /// <summary>The whole message is deferred with 451 4.7.5, so that the client tries again.</summary>
    Defer,

    /// <summary>The others get theirs; for these the message is kept, sealed, until a certificate appears or the queue gives up.</summary>
    Hold,

    /// <summary>These get the message without encryption.</summary>
    Pass,
}
