using SmimeGateway.Certificates;
using SmimeGateway.Mime.ProtectedForms;

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

    /// <summary>What stands beside a signed content and is not signed, in words.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>True for an encrypted layer that is whole, but for others than the gateway.</summary>
    public bool IsForOthers => IsEncrypted && Fault is not null && Recipients.Count > 0 && Recipients.All(recipient => recipient.Own is null);

    /// <summary>What is wrong with the layer, in words; empty when it could be opened and, if it is signed, the author has signed all of it.</summary>
    public IReadOnlyList<string> Doubts =>
    [
        .. Fault is { } fault ? [fault.TrimEnd('.')] : Array.Empty<string>(),
        .. Beside,
        .. IsSigned && Fault is null ? FindSignerDoubts() : [],
    ];

    /// <summary>True when there is nothing wrong with the layer.</summary>
    public bool IsGood => Doubts.Count == 0;

    // One good signature of the author proves the content. Others beside it, which anybody could add or take away, take nothing from it:
    // of another person, or of an algorithm that is not known here. But one that is wrong says that somebody tampered.
    private IEnumerable<string> FindSignerDoubts()
    {
        var doubtful = Signers.Any(signer => signer.IsGood) ? Signers.Where(signer => signer.IsWrong) : Signers;
        return Signers.Count == 0
            ? ["nobody has signed"]
            : doubtful.SelectMany(signer => signer.Doubts.Select(doubt => Signers.Count == 1 ? doubt : $"{signer.Subject ?? "an unknown signer"}: {doubt}"));
    }
}
