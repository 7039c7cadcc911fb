using SmimeGateway.Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Opening;

/// <summary>Somebody a layer is encrypted to, as the layer names him.</summary>
/// <param name="Name">Issuer and serial number, key identifier, or what stands in their place.</param>
/// <param name="Algorithm">How the key is encrypted to him, such as <c>RSA-OAEP SHA-256</c>.</param>
/// <param name="Own">The own certificate that is meant, or null.</param>
public sealed record LayerRecipient(string Name, string Algorithm, OwnCertificate? Own)
{
    /// <summary>The certificate meant; null for a key that was agreed upon otherwise, and for a password.</summary>
    public CertificateIdentifier? Identifier { get; init; }
}
