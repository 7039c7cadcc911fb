namespace SmimeGateway.Settings;

/// <summary>Where a secret is read from. Secrets never stand in the configuration itself. Exactly one of the keys is given.</summary>
/// <example>
/// <code>
/// { "file": "/run/secrets/office" }
/// { "env": "OFFICE_PASSWORD" }
/// </code>
/// </example>
public sealed record SecretOptions
{
    /// <summary>A file that holds the secret as text in UTF-8; line ends after it do not count.</summary>
    [Notation(Notation.ReadPath)]
    public string? File { get; init; }

    /// <summary>An environment variable that holds the secret.</summary>
    [Notation(Notation.VariableName)]
    public string? Env { get; init; }
}
