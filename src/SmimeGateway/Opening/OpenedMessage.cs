namespace SmimeGateway.Opening;

/// <summary>What lies inside a message, layer by layer.</summary>
/// <param name="Layers">The layers, the outermost first; none of a message that is not protected by S/MIME.</param>
/// <param name="Content">
/// The innermost entity, header fields and body, when every layer could be opened; null otherwise. Of a message without layers the
/// message itself. Its lines end with CR LF, also where it was encrypted with line feeds alone.
/// </param>
/// <param name="Fault">Why there is no content, or null: the fault of the last layer, or that there are too many.</param>
public sealed record OpenedMessage(IReadOnlyList<OpenedLayer> Layers, ReadOnlyMemory<byte>? Content, string? Fault)
{
    /// <summary>Whether any layer is encrypted.</summary>
    public bool IsEncrypted => Layers.Any(layer => layer.IsEncrypted);

    /// <summary>Whether any layer is signed.</summary>
    public bool IsSigned => Layers.Any(layer => layer.IsSigned);

    /// <summary>True when all layers could be opened and every signature on the way is good, if there is any.</summary>
    public bool IsGood => Fault is null && Layers.All(layer => layer.IsGood);
}
