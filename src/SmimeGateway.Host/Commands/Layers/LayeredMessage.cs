using SmimeGateway.Mime;
using SmimeGateway.Opening;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>A message taken apart, layer by layer.</summary>
/// <param name="Layers">The layers, the outermost first.</param>
/// <param name="ProtectedHeader">The header that is protected with the content, or null.</param>
/// <param name="Content">The parts of what lies innermost, or null when it cannot be reached.</param>
/// <param name="Fault">Why it cannot be reached, or null.</param>
internal sealed record LayeredMessage(IReadOnlyList<ShownLayer> Layers, ShownHeader? ProtectedHeader, Structure? Content, string? Fault)
{
    /// <summary>What lies innermost; not part of the JSON answer.</summary>
    internal Entity? Entity { get; init; }

    /// <summary>Why the message as a whole is not proved to be its author's, in words; empty when it is.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>Takes a message apart, with the keys at hand.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="opener">Opens and judges its layers.</param>
    /// <param name="known">The certificates by which recipients are told to people.</param>
    /// <param name="now">The moment at which certificates are judged.</param>
    public static LayeredMessage Read(ReadOnlyMemory<byte> message, Opener opener, KnownCertificates known, DateTimeOffset now)
    {
        var opened = opener.Open(message, now);
        Entity? entity = null;
        if (opened.Content is { } content)
        {
            Entity.TryParse(content, MimeLimits.Standard, out entity, out _);
        }

        return new LayeredMessage(
            [.. opened.Layers.Select(layer => Show(layer, known))],
            entity is null || opened.Layers.Count == 0 ? null : ShownHeader.Of(entity),
            entity is null ? null : Structure.Read(entity),
            opened.Fault)
        {
            Entity = entity,
            Doubts = opened.Doubts,
        };
    }

    private static ShownLayer Show(OpenedLayer layer, KnownCertificates known) => new(
        layer.Kind,
        layer.Algorithm,
        [.. layer.Recipients.Select(recipient => new ShownRecipient(
            known.AddressesOf(recipient), recipient.Name, recipient.Algorithm, recipient.Own is not null))],
        layer.OpenedWith is { } own ? $"{own.Source}: {own.Traits.Subject}" : null,
        layer.Signers,
        layer.Beside,
        layer.Fault);
}
