using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Opening;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>One layer of a message.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Algorithm">The cipher or the compression, or null.</param>
/// <param name="Recipients">For whom an encrypted layer is.</param>
/// <param name="OpenedWith">The own certificate that opened it, or null.</param>
/// <param name="Signers">One verdict for each signer of a signed layer.</param>
/// <param name="Beside">What stands beside a signed content and is not signed, in words.</param>
/// <param name="Fault">Why it cannot be opened, or null.</param>
internal sealed record ShownLayer(
    ExistingProtection Kind,
    string? Algorithm,
    IReadOnlyList<ShownRecipient> Recipients,
    string? OpenedWith,
    IReadOnlyList<SignerVerdict> Signers,
    IReadOnlyList<string> Beside,
    string? Fault)
{
    /// <summary>Whether it is encrypted.</summary>
    public bool IsEncrypted => Kind is ExistingProtection.Enveloped or ExistingProtection.AuthEnveloped;

    /// <summary>Whether it is signed.</summary>
    public bool IsSigned => Kind is ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned;

    /// <summary>True for an encrypted layer that is whole, but for others than the gateway.</summary>
    public bool IsForOthers => IsEncrypted && Fault is not null && Recipients.Count > 0 && !Recipients.Any(recipient => recipient.IsOwn);
}
