using System.Text.Json.Serialization;
using SmimeGateway.Settings;

namespace SmimeGateway.Deciding.Options;

/// <summary>What is done to which message. A rule either passes, or signs, encrypts or does both.</summary>
/// <example>
/// <code>
/// { "name": "bounces pass", "when": { "sender": "&lt;&gt;" }, "pass": true }
/// {
///   "name": "sign our domain", "when": { "sender": "*@example.com" },
///   "sign": { "with": ["office", "local"] }, "alreadyProtected": "keep", "tnef": "convert"
/// }
/// {
///   "name": "confidential on request",
///   "when": { "sender": "*@example.com", "subject": "[secure]*" }, "removeTrigger": true,
///   "sign": { "with": "office" }, "encrypt": { "to": ["folder", "seen"], "whenMissing": "hold" }, "wrap": "triple"
/// }
/// {
///   "name": "energy market", "when": { "sender": "edi@example.com" }, "profile": "edi-energy",
///   "sign": { "with": "office" }, "encrypt": { "to": "folder" }
/// }
/// </code>
/// </example>
public sealed record RuleOptions
{
    /// <summary>The name that the log uses.</summary>
    [Notation(Notation.Name)]
    public required string Name { get; init; }

    /// <summary>The messages the rule applies to; without it, all.</summary>
    public RuleConditions When { get; init; } = new();

    /// <summary>true relays the message unchanged.</summary>
    public bool Pass { get; init; }

    /// <summary>Signs the message.</summary>
    public SignOptions? Sign { get; init; }

    /// <summary>Encrypts the message, after signing it where the rule signs too.</summary>
    public EncryptOptions? Encrypt { get; init; }

    /// <summary>The layers of a message that is both signed and encrypted.</summary>
    public MessageWrap Wrap { get; init; }

    /// <summary>
    /// Whether that which made the rule apply is taken out of the message: the words of when.subject from the subject, and the fields of
    /// when.header. Only in a message that the rule signs or encrypts.
    /// </summary>
    public bool RemoveTrigger { get; init; }

    /// <summary>
    /// What a rule that signs or encrypts does with Outlook's own format, winmail.dat and application/ms-tnef, before anything else;
    /// docs/tnef.md tells what becomes of it. What leaves neither signed nor encrypted leaves as it came.
    /// </summary>
    public TnefTreatment Tnef { get; init; }

    /// <summary>Gives the algorithms that an industry prescribes to all keys of sign and encrypt that are left out; docs/energy-market.md lists them.</summary>
    public RuleProfile? Profile { get; init; }

    /// <summary>
    /// What a rule that signs or encrypts does with a message that arrives signed or encrypted as a whole; a label alone counts for nothing.
    /// Whatever is not encrypted yet is encrypted all the same.
    /// </summary>
    public AlreadyProtected AlreadyProtected { get; init; }
}

/// <summary>Sets of algorithms that an industry prescribes.</summary>
public enum RuleProfile
{
    /// <summary>What the German energy market asks of messages between its participants.</summary>
    [JsonStringEnumMemberName("edi-energy")]
    EdiEnergy,
}

/// <summary>What a rule that signs does with a message that arrives signed or encrypted.</summary>
public enum AlreadyProtected
{
    /// <summary>It is relayed unchanged.</summary>
    Keep,

    /// <summary>It is signed once more, around what is there.</summary>
    SignAgain,
}

/// <summary>What happens to TNEF objects, in which Outlook sends texts, files and meetings to those who use Outlook.</summary>
public enum TnefTreatment
{
    /// <summary>They stay as they are.</summary>
    Keep,

    /// <summary>They become MIME that everybody can read; where one of them cannot, the message is protected as it is, and the log says why.</summary>
    Convert,
}

/// <summary>The layers of a message that is signed and encrypted.</summary>
public enum MessageWrap
{
    /// <summary>Signed, then encrypted.</summary>
    SignThenEncrypt,

    /// <summary>Signed, encrypted, and signed again (RFC 2634 section 1.1): the outer signature can be verified without the key.</summary>
    Triple,
}

/// <summary>What happens to a message for a recipient when no rule matches.</summary>
public enum WhenNoRuleMatches
{
    /// <summary>It is relayed unchanged.</summary>
    Pass,

    /// <summary>It is refused with 550 5.7.1.</summary>
    Reject,
}
