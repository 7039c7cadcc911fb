using System.Collections.Frozen;
using System.Net;

namespace SmimeGateway.Deciding;

/// <summary>
/// The messages a rule applies to: all conditions given must hold, and a condition with several values holds when one of them does.
/// Patterns use * and ? and ignore case.
/// </summary>
/// <example>
/// <code>
/// {
///   "sender": "*@example.com", "recipient": ["*@partner.example", "*@*.partner.example"],
///   "listener": "internal", "client": "10.0.0.0/8", "user": "*",
///   "subject": "[secure]*", "header": { "Sensitivity": "Company-Confidential" }
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

    /// <summary>The subject, decoded.</summary>
    [Notation(Notation.Wildcard)]
    public IReadOnlyList<string> Subject { get; init; } = [];

    /// <summary>Header fields by name, with the values one of their occurrences must match.</summary>
    [Notation(Notation.Wildcard)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Header { get; init; } =
        FrozenDictionary<string, IReadOnlyList<string>>.Empty;
}
