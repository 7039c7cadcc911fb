using SmimeGateway.Mime;

namespace SmimeGateway.Opening;

/// <summary>What the gateway thinks of a message as a whole.</summary>
/// <param name="Form">How the message is protected.</param>
/// <param name="Signers">One verdict for each signer; empty when nothing is signed or the signature cannot be read.</param>
/// <param name="Fault">Why the protection cannot be judged, or null.</param>
public sealed record SignatureReport(ExistingProtection Form, IReadOnlyList<SignerVerdict> Signers, string? Fault)
{
    /// <summary>True when there is a signature, and all of them are good.</summary>
    public bool IsGood => Fault is null && Signers.Count > 0 && Signers.All(signer => signer.IsGood);
}
