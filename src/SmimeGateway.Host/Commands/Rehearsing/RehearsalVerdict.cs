using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Protecting;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>Says whether a message is what its protection promises, as far as anybody but its recipients can tell.</summary>
/// <param name="Sentence">The verdict.</param>
/// <param name="IsGood">True when the message reaches its recipients as it should.</param>
internal sealed record RehearsalVerdict(string Sentence, bool IsGood)
{
    /// <summary>Judges a message by what was read from its final bytes.</summary>
    public static RehearsalVerdict Of(Protection protection, LayeredMessage message) => protection switch
    {
        Protection.PassedUnchanged => new("passes unchanged", true),
        Protection.PassedUnsigned => new("passes unchanged, UNSIGNED: there is no certificate to sign with, and the rule lets such mail pass", false),
        Protection.PassedUnencrypted => new("passes unchanged, IN PLAIN TEXT: there is no certificate, and the rule lets such mail pass", false),
        Protection.OwnReport => new("a delivery report to the sender", false),
        Protection.Held => new("waits, sealed, until there is a certificate", false),
        _ => OfLayers(protection, message),
    };

    private static RehearsalVerdict OfLayers(Protection protection, LayeredMessage message)
    {
        if (message.Layers.Count == 0 || IsUnexpected(protection, message.Layers[0]))
        {
            return new($"this should be {protection.Words()}, and is not: {message.Fault ?? "another layer is outside"}", false);
        }

        var verdicts = message.Layers.Select(Of).ToList();
        return new(string.Join("; inside, ", verdicts.Select(verdict => verdict.Sentence)), verdicts.TrueForAll(verdict => verdict.IsGood));
    }

    private static bool IsUnexpected(Protection protection, ShownLayer outermost) =>
        protection is Protection.Encrypted or Protection.SignedAndEncrypted ? !outermost.IsEncrypted : !outermost.IsSigned;

    private static RehearsalVerdict Of(ShownLayer layer)
    {
        if (layer.IsForOthers)
        {
            return new(Encrypted(layer) + ", read back with its own key when it was made", true);
        }

        if (layer.Fault is { } fault)
        {
            return new($"{LayerText.Heading(layer)}, but it cannot be opened: {fault}", false);
        }

        return layer.IsSigned ? OfSigned(layer)
            : layer.IsEncrypted ? new($"{Encrypted(layer)}, decrypted with {layer.OpenedWith}", true)
            : new(LayerText.Heading(layer), true);
    }

    private static string Encrypted(ShownLayer layer) => $"{LayerText.Heading(layer)} to {layer.Recipients.Count} certificate(s)";

    // A signature of the gateway's own need not be trusted by itself: whom it trusts is about others' mail.
    private static RehearsalVerdict OfSigned(ShownLayer layer)
    {
        if (layer.Signers.Count == 0 || layer.Signers[0] is not { SignatureFault: null } signer)
        {
            return new("the signature does not verify: " + (layer.Signers.Count == 0 ? "nobody signed" : layer.Signers[0].SignatureFault), false);
        }

        return new(
            $"verified: {signer.Subject}, {signer.Algorithm}, {signer.Digest}"
            + (signer.TrustFaults.Count == 0 ? ", trusted here" : $", not trusted here ({string.Join("; ", signer.TrustFaults)})")
            + (signer.IsAuthor ? string.Empty : ", not the author's own certificate"),
            true);
    }
}
