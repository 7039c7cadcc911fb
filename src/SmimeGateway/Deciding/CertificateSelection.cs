namespace SmimeGateway.Deciding;

/// <summary>
/// Which certificate signs: "bySender" is the one of the author recipients see; an object names one certificate for everybody, by its
/// thumbprint or by the address it belongs to. Exactly one of the keys is given.
/// </summary>
/// <example>
/// <code>
/// { "thumbprint": "0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C" }
/// { "address": "office@example.com" }
/// </code>
/// </example>
public sealed record CertificateSelection
{
    /// <summary>The certificate of the author recipients see.</summary>
    public static CertificateSelection OfSender { get; } = new();

    /// <summary>The SHA-1 fingerprint of the certificate, in capital hexadecimal digits without separators once loaded.</summary>
    [Notation(Notation.Thumbprint)]
    public string? Thumbprint { get; init; }

    /// <summary>The address the certificate belongs to.</summary>
    [Notation(Notation.Address)]
    public string? Address { get; init; }

    /// <summary>True when the certificate is that of the author recipients see.</summary>
    public bool IsBySender => Thumbprint is null && Address is null;
}
