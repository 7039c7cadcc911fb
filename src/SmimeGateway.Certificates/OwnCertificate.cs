using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates;

/// <summary>A certificate with a private key that the gateway may use.</summary>
/// <param name="Source">The configured name of the source it comes from.</param>
/// <param name="Location">The file it was read from.</param>
/// <param name="Certificate">The certificate with its private key.</param>
/// <param name="Chain">The certificates above it, issuer first and root last, as far as they are known.</param>
/// <param name="Traits">What the certificate says.</param>
public sealed record OwnCertificate(
    string Source, string Location, X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Chain, CertificateTraits Traits)
    : IHeldCertificate<OwnCertificate>
{
    private readonly X509Certificate2 _certificate = Certificate;

    /// <summary>
    /// The certificate with its private key. A key that costs a password derivation is opened when it is first asked for; one that cannot be
    /// opened leaves the certificate alone, and <see cref="KeyFault"/> tells why.
    /// </summary>
    public X509Certificate2 Certificate
    {
        get => KeyOpening?.Certificate ?? _certificate;
        init => _certificate = value;
    }

    /// <summary>Why the private key cannot be used, or null. Opens the key.</summary>
    public string? KeyFault
        => KeyOpening is { } opening ? opening.Fault : _certificate.HasPrivateKey ? null : "it has no private key";

    /// <summary>
    /// The private key in PKCS #8 where it is of a kind that the framework cannot join to a certificate; empty where <see cref="Certificate"/>
    /// has it. Opens the key.
    /// </summary>
    public ReadOnlyMemory<byte> DetachedKey => KeyOpening?.DetachedKey ?? default;

    /// <summary>Why the certificate cannot be used where its key must be joined to it: for TLS, to issue others, for a seal. Opens the key.</summary>
    public string? JoinedKeyFault
        => KeyFault ?? (DetachedKey.IsEmpty ? null : $"its key is of a kind that is for signing and opening mail alone here: {Traits.KeyAlgorithm}");

    /// <summary>True when the private key could not be read, and another password or copy of its file may do. Opens the key.</summary>
    public bool IsKeyUnread => KeyOpening is { IsUnread: true };

    /// <summary>The certificate, without opening its key.</summary>
    public X509Certificate2 PublicCertificate => _certificate;

    /// <summary>All issuers beside it, of which <see cref="Chain"/> is one way up.</summary>
    public IReadOnlyList<X509Certificate2> Issuers
    {
        get => field ?? Chain;
        init;
    }

    internal KeyOpening? KeyOpening { get; init; }

    OwnCertificate IHeldCertificate<OwnCertificate>.Below(ChainAssembly issuers) =>
        this with { Chain = issuers.Above(PublicCertificate), Issuers = issuers.AllAbove(PublicCertificate) };

    /// <inheritdoc />
    public override string ToString() => $"{Traits.Subject} (fingerprint {Traits.Thumbprint}, {Location})";
}
