namespace SmimeGateway.Host.Commands.Layers;

/// <summary>Somebody a layer is encrypted to.</summary>
/// <param name="Addresses">The addresses of the certificate that is named; empty when the gateway does not know it.</param>
/// <param name="Certificate">The certificate as the message names it.</param>
/// <param name="Algorithm">How the key is encrypted.</param>
/// <param name="IsOwn">True when the gateway has the private key.</param>
internal sealed record ShownRecipient(IReadOnlyList<string> Addresses, string Certificate, string Algorithm, bool IsOwn);
