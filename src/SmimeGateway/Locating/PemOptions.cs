namespace SmimeGateway.Locating;

/// <summary>A certificate and its key in PEM.</summary>
/// <example>
/// <code>
/// { "certificate": "certificates/edi.crt", "key": "certificates/edi.key", "password": { "env": "EDI_KEY_PASSWORD" } }
/// </code>
/// </example>
public sealed record PemOptions
{
    /// <summary>The file with the certificate, followed by its issuers if they are to be sent along.</summary>
    [Notation(Notation.ReadPath)]
    public required string Certificate { get; init; }

    /// <summary>The file with the private key; without it, the key stands in the file of the certificate.</summary>
    [Notation(Notation.ReadPath)]
    public string? Key { get; init; }

    /// <summary>The password of the private key.</summary>
    public SecretOptions? Password { get; init; }
}
