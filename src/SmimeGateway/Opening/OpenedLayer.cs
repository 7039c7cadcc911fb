using SmimeGateway.Certificates;
using SmimeGateway.Mime;

namespace SmimeGateway.Opening;

/// <summary>One layer of protection, and what became of it.</summary>
/// <param name="Kind">What it is.</param>
public sealed record OpenedLayer(ExistingProtection Kind)
{
    /// <summary>The cipher or the compression; of a signature, which its signers name, null.</summary>
    public string? Algorithm { get; init; }

    /// <summary>For whom an encrypted layer is, in its order.</summary>
    public IReadOnlyList<LayerRecipient> Recipients { get; init; } = [];

    /// <summary>The own certificate whose key opened an encrypted layer.</summary>
    public OwnCertificate? OpenedWith { get; init; }

    /// <summary>One verdict for each signer of a signed layer.</summary>
    public IReadOnlyList<SignerVerdict> Signers { get; init; } = [];

    /// <summary>Why the layer cannot be opened, or null. A signature that is not good is no hindrance: its verdict says so.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the layer is encrypted.</summary>
    public bool IsEncrypted => Kind is ExistingProtection.Enveloped or ExistingProtection.AuthEnveloped;

    /// <summary>Whether the layer is signed.</summary>
    public bool IsSigned => Kind is ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned;

    /// <summary>True when there is nothing wrong with the layer: it could be opened, and if it is signed, all its signatures are good.</summary>
    public bool IsGood => Fault is null && (!IsSigned || (Signers.Count > 0 && Signers.All(signer => signer.IsGood)));
}
