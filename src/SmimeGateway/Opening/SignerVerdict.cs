namespace SmimeGateway.Opening;

/// <summary>What the gateway thinks of one signature.</summary>
/// <param name="Subject">The subject of the signer's certificate, or null when neither the message carries it nor a source has it.</param>
/// <param name="Issuer">Its issuer.</param>
/// <param name="SerialNumber">Its serial number, hexadecimal.</param>
/// <param name="Addresses">The mail addresses it is for.</param>
/// <param name="Algorithm">The signature algorithm.</param>
/// <param name="Digest">The digest algorithm.</param>
/// <param name="SigningTime">When the signer says it was made.</param>
/// <param name="SignatureFault">Null when the content is what was signed; else what is wrong.</param>
/// <param name="TrustFaults">Why the certificate is not trusted to sign mail; empty when it is.</param>
/// <param name="AuthorFault">Null when the certificate is for the address in the header From; else why it is not.</param>
public sealed record SignerVerdict(
    string? Subject,
    string? Issuer,
    string? SerialNumber,
    IReadOnlyList<string> Addresses,
    string Algorithm,
    string Digest,
    DateTimeOffset? SigningTime,
    string? SignatureFault,
    IReadOnlyList<string> TrustFaults,
    string? AuthorFault)
{
    /// <summary>What of its algorithms and keys is too weak to prove anything today.</summary>
    public IReadOnlyList<string> Weaknesses { get; init; } = [];

    /// <summary>Why the signing time cannot be true, or belongs to another message.</summary>
    public IReadOnlyList<string> TimeFaults { get; init; } = [];

    /// <summary>False when nobody can tell here whether the signature is right: its algorithm is unknown, or its certificate missing.</summary>
    public bool IsVerifiable { get; init; } = true;

    /// <summary>Where the certificate is that the message does not carry; null when it does, or when there is none.</summary>
    public string? FoundIn { get; init; }

    /// <summary>True when the certificate is for the address in the header From.</summary>
    public bool IsAuthor => AuthorFault is null;

    /// <summary>True when the content is not what was signed, or the signature not the key's.</summary>
    public bool IsWrong => SignatureFault is not null && IsVerifiable;

    /// <summary>Why the signature proves nothing, in words; empty when it is good.</summary>
    public IReadOnlyList<string> Doubts =>
    [
        .. SignatureFault is { } fault ? [fault.TrimEnd('.')] : Array.Empty<string>(),
        .. Weaknesses,
        .. TimeFaults,
        .. TrustFaults,
        .. AuthorFault is { } author ? [author] : Array.Empty<string>(),
    ];

    /// <summary>True when the signature is right and strong, its certificate is trusted, and it is the author's.</summary>
    public bool IsGood => Doubts.Count == 0;
}
