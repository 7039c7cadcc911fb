using SmimeGateway.Settings;

namespace SmimeGateway.Accepting;

/// <summary>
/// How clients of a listener log in: SCRAM-SHA-256 always, PLAIN and LOGIN over TLS only. Users are managed with
/// <c>smimegateway user</c>. Attempts that fail slow down the next one of the same user from the same address, and ten within fifteen
/// minutes close the door to that user there (454 4.7.0), a hundred to the address.
/// </summary>
/// <example>
/// <code>
/// { "mode": "offered", "users": "users.json" }
/// </code>
/// </example>
public sealed record ListenerAuthenticationOptions
{
    /// <summary>
    /// Whether clients may or must log in. With offered, a login admits a client that <c>clients</c> does not; with required, every
    /// client needs a login besides.
    /// </summary>
    public ListenerAuthenticationMode Mode { get; init; }

    /// <summary>
    /// The file with the users and what is kept of their passwords. A change counts from the next login on. While there is no file, or
    /// nobody in it, nobody gets in.
    /// </summary>
    [Notation(Notation.ReadPath)]
    public string Users { get; init; } = "users.json";
}

/// <summary>Whether clients may or must log in.</summary>
public enum ListenerAuthenticationMode
{
    /// <summary>Nobody logs in; clients are known by their address, or by their certificate.</summary>
    Off,

    /// <summary>Clients may log in; one from outside the networks of <c>clients</c> must, and may then relay.</summary>
    Offered,

    /// <summary>Every client must log in, and still be one of <c>clients</c>.</summary>
    Required,
}
