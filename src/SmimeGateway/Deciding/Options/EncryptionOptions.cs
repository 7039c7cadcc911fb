using System.ComponentModel.DataAnnotations;
using SmimeGateway.Cms;
using SmimeGateway.Settings;

namespace SmimeGateway.Deciding.Options;

/// <summary>What holds for every rule that encrypts, unless the rule says otherwise.</summary>
/// <example>
/// <code>
/// {
///   "ciphers": ["aes256-gcm", "aes256-cbc", "aes128-cbc"], "unknownCapabilities": "aes256-cbc",
///   "announce": ["aes256-cbc", "aes192-cbc", "aes128-cbc"],
///   "keyTransport": "rsa-pkcs1", "identifyBy": "issuerAndSerial", "blindCopies": "separateEach",
///   "includeSender": true, "compress": false, "holdKey": { "file": "hold.pem" }
/// }
/// </code>
/// </example>
public sealed record EncryptionOptions
{
    /// <summary>
    /// The ciphers in use, the best first. Of those that every recipient is known to read, the one they prefer encrypts; where they prefer
    /// different ones, the first of the list. Nothing else ever does.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<ContentCipher> Ciphers { get; init; } = [ContentCipher.Aes256Gcm, ContentCipher.Aes256Cbc, ContentCipher.Aes128Cbc];

    /// <summary>The cipher for recipients who announced nothing, or nothing of the list.</summary>
    public ContentCipher UnknownCapabilities { get; init; } = ContentCipher.Aes256Cbc;

    /// <summary>
    /// What senders of answers are told to encrypt with, the preferred first: in our signatures, and in certificates that a built-in authority
    /// issues from now on. GCM only where every mail program behind the gateway reads it: most show nothing of it, without an error.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<ContentCipher> Announce { get; init; } = [ContentCipher.Aes256Cbc, ContentCipher.Aes192Cbc, ContentCipher.Aes128Cbc];

    /// <summary>How the key is encrypted to recipients with RSA keys; those with elliptic keys get key agreement.</summary>
    public KeyTransport KeyTransport { get; init; }

    /// <summary>How a message names the certificates it is for.</summary>
    public RecipientNaming IdentifyBy { get; init; }

    /// <summary>How blind recipients get a message.</summary>
    public BlindCopyTreatment BlindCopies { get; init; }

    /// <summary>Whether a message is encrypted to its author too, where a certificate of the author is known.</summary>
    public bool IncludeSender { get; init; } = true;

    /// <summary>Whether the content is compressed before it is encrypted (RFC 3274). Few clients read it.</summary>
    public bool Compress { get; init; }

    /// <summary>
    /// The key that seals held messages on the disk: a PEM file with a certificate and its private key.
    /// </summary>
    /// <value>one that the gateway makes under dataFolder when it is first needed</value>
    public SecretOptions? HoldKey { get; init; }
}

/// <summary>How blind recipients, those of the envelope that neither To nor Cc names, get an encrypted message.</summary>
public enum BlindCopyTreatment
{
    /// <summary>Each blind recipient gets a message of its own, encrypted to nobody else.</summary>
    SeparateEach,

    /// <summary>All blind recipients get one message of their own. They can see how many they are, and who, but nobody else can.</summary>
    SeparateTogether,

    /// <summary>Everybody gets the same message. Who reads its recipient infos can see blind recipients.</summary>
    Together,
}
