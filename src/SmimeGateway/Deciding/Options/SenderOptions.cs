using System.ComponentModel.DataAnnotations;
using System.Net;
using SmimeGateway.Settings;

namespace SmimeGateway.Deciding.Options;

/// <summary>
/// Who may use an address as sender. The address judged is the one that recipients see (header From) as well as that of MAIL FROM. An
/// entry without clients and users grants the address to every client that a listener lets in.
/// </summary>
/// <example>
/// <code>
/// { "address": "*@example.com", "clients": ["127.0.0.0/8", "10.1.2.3"], "users": ["*"] }
/// </code>
/// </example>
public sealed record SenderOptions
{
    /// <summary>The addresses granted.</summary>
    [Notation(Notation.AddressPattern)]
    [MinLength(1)]
    public required IReadOnlyList<string> Address { get; init; }

    /// <summary>The networks whose hosts may use them.</summary>
    public IReadOnlyList<IPNetwork> Clients { get; init; } = [];

    /// <summary>The authenticated users who may use them, besides the clients; * is everybody who has logged in.</summary>
    [Notation(Notation.Wildcard)]
    public IReadOnlyList<string> Users { get; init; } = [];
}
