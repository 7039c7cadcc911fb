using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Accepting;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Protecting;

/// <summary>Messages that wait for a certificate: sealed with the gateway's own key, so that no plain octet of them reaches the disk.</summary>
public static class HeldMail
{
    /// <summary>Seals a message together with what rules ask of its session.</summary>
    /// <param name="message">The message as it was accepted.</param>
    /// <param name="recipients">Those who wait.</param>
    /// <param name="outerFields">The header fields that may be seen: those that will stand outside of the encrypted message.</param>
    /// <param name="key">The gateway's key.</param>
    public static ProtectedMessage Seal(
        InboundMessage message, IReadOnlyList<EnvelopeRecipient> recipients, IReadOnlyList<HeaderField> outerFields, HoldKey key) =>
        throw new NotSupportedException($"{message}{recipients}{outerFields}{key}");

    /// <summary>Opens a sealed message: what was accepted, for the recipients of the envelope given.</summary>
    public static bool TryOpen(
        ReadOnlyMemory<byte> content,
        Envelope envelope,
        HoldKey key,
        [NotNullWhen(true)] out InboundMessage? message,
        [NotNullWhen(false)] out string? fault) => throw new NotSupportedException($"{content}{envelope}{key}");
}
