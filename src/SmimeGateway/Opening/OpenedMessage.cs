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

    /// <summary>Whether a part of the content, which is not signed as a whole, is signed by itself.</summary>
    public bool HasSignedPart { get; init; }

    /// <summary>
    /// Why the message as a whole is not proved to be its author's, in words; empty when it is. What is proved for a part is not proved for
    /// the whole: not for text beside what is signed, and not for what was encrypted before somebody signed it.
    /// </summary>
    public IReadOnlyList<string> Doubts => [.. FindDoubts()];

    private IEnumerable<string> FindDoubts()
    {
        if (Fault is { } fault)
        {
            yield return Layers.Count > 0 && Layers[^1].IsForOthers && IsSigned
                ? "what is signed is encrypted for others, so that nobody can tell here who wrote it"
                : fault.TrimEnd('.');
        }
        else if (!IsSigned)
        {
            yield return HasSignedPart
                ? "only a part of the message is signed, and nobody signed what stands beside it"
                : "the message is not signed";
        }

        foreach (var doubt in Layers.Where(layer => layer.IsSigned && layer.Fault is null).SelectMany(layer => layer.Doubts))
        {
            yield return doubt;
        }

        // RFC 8551 section 3.7: whoever signs what is encrypted already need not know what it is.
        if (Fault is null && IsSigned && Layers.SkipWhile(layer => !layer.IsSigned).Reverse().FirstOrDefault(layer => layer.IsSigned || layer.IsEncrypted)!.IsEncrypted)
        {
            yield return "it was encrypted before it was signed, so that the signature does not tell who wrote it";
        }
    }
}
