namespace SmimeGateway.Opening;

/// <summary>What the gateway thinks of one signature.</summary>
/// <param name="Subject">The subject of the signer's certificate, or null when the message does not carry it.</param>
/// <param name="Issuer">Its issuer.</param>
/// <param name="SerialNumber">Its serial number, hexadecimal.</param>
/// <param name="Addresses">The mail addresses it is for.</param>
/// <param name="Algorithm">The signature algorithm.</param>
/// <param name="Digest">The digest algorithm.</param>
/// <param name="SigningTime">When the signer says it was made.</param>
/// <param name="SignatureFault">Null when the content is what was signed; else what is wrong.</param>
/// <param name="TrustFaults">Why the certificate is not trusted; empty when it is.</param>
/// <param name="IsAuthor">True when the certificate is for the address in the header From.</param>
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
    bool IsAuthor)
{
    /// <summary>True when the signature is right, its certificate is trusted, and it is the author's.</summary>
    public bool IsGood => SignatureFault is null && TrustFaults.Count == 0 && IsAuthor;
}
