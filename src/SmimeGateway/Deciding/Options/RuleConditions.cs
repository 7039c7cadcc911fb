using System.Collections.Frozen;
using System.Net;
using SmimeGateway.Settings;

namespace SmimeGateway.Deciding.Options;

/// <summary>
/// The messages a rule applies to: all conditions given must hold, and a condition with several values holds when one of them does.
/// Patterns use * and ? and ignore case.
/// </summary>
/// <example>
/// <code>
/// {
///   "sender": "*@example.com", "recipient": ["*@partner.example", "*@*.partner.example"],
///   "listener": "internal", "client": "10.0.0.0/8", "user": "*",
///   "subject": "[secure]*", "header": { "Sensitivity": "Company-Confidential" }, "content": "application/pdf"
/// }
/// </code>
/// </example>
public sealed record RuleConditions
{
    /// <summary>The author the recipients see (header From). &lt;&gt; is the null sender of bounces, which * does not match.</summary>
    [Notation(Notation.SenderPattern)]
    public IReadOnlyList<string> Sender { get; init; } = [];

    /// <summary>The recipient of the envelope.</summary>
    [Notation(Notation.AddressPattern)]
    public IReadOnlyList<string> Recipient { get; init; } = [];

    /// <summary>The listener that took the message, by name.</summary>
    [Notation(Notation.Name)]
    public IReadOnlyList<string> Listener { get; init; } = [];

    /// <summary>The network of the client.</summary>
    public IReadOnlyList<IPNetwork> Client { get; init; } = [];

    /// <summary>The user that logged in; who has not logged in matches nothing.</summary>
    [Notation(Notation.Wildcard)]
    public IReadOnlyList<string> User { get; init; } = [];

    /// <summary>
    /// The subject as people see it: decoded, composed (NFC), without invisible characters, any run of blanks as one, none at the ends. Of
    /// several Subject fields one has to match for a rule that encrypts, and all for any other rule. Where programs could read it in several ways
    /// (an encoded word in a charset that is not known or that they decode differently, one that is none by the book, a word cut in the middle of
    /// a character, a line that only some take for the field), it is in doubt: the condition holds for rules that encrypt, and for no others.
    /// </summary>
    [Notation(Notation.Wildcard)]
    public IReadOnlyList<string> Subject { get; init; } = [];

    /// <summary>
    /// Header fields by name, with the values they must match; values are compared as subjects are. Of several fields of a name one has to
    /// match for a rule that encrypts, and all for any other rule, and the same holds in doubt; of those that stand several times in good mail (Received, Comments,
    /// Keywords and what servers write about their checks) one.
    /// </summary>
    [Notation(Notation.Wildcard)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Header { get; init; } =
        FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>
    /// The media type, without parameters, of the message or of any part of it, in attached messages too: "text/calendar" finds an invitation
    /// wherever a program puts it. What lies in encrypted or opaque signed content is not seen. Where the parts cannot be told, or programs could
    /// read a type or boundary in several ways (two fields, a malformed type), the condition holds for rules that encrypt, and for no others. Whoever writes a message chooses its parts: a rule that passes by them stands behind those that encrypt.
    /// </summary>
    [Notation(Notation.Wildcard)]
    public IReadOnlyList<string> Content { get; init; } = [];
}
