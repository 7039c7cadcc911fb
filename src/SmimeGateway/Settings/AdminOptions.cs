namespace SmimeGateway.Settings;

/// <summary>How the command line reaches the running gateway.</summary>
/// <example>
/// <code>
/// { "socket": "admin.sock" }
/// </code>
/// </example>
public sealed record AdminOptions
{
    /// <summary>The Unix socket on which the running gateway answers the command line.</summary>
    [Notation(Notation.WrittenPath)]
    public string Socket { get; init; } = "admin.sock";
}
