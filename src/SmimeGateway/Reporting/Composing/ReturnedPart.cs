using System.Text.Unicode;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Protecting;
using SmimeGateway.Smtp;

namespace SmimeGateway.Reporting.Composing;

/// <summary>What a report gives back of the message: its header, or all of it where that was asked for and discloses nothing.</summary>
internal static class ReturnedPart
{
    // RFC 3461 section 6.2 leaves the size to us: a report is to be read, and it waits in the queue as its message did.
    private const int MaxFullBytes = 256 * 1024;

    /// <summary>Makes the part.</summary>
    public static ReportPart Of(ReportOccasion occasion)
    {
        var whole = MayBeReturnedWhole(occasion) ? Read(occasion, MaxFullBytes) : default;
        return !whole.IsEmpty && IsReturnedWhole(whole)
            ? ReportPart.Plain("message/rfc822", "The undelivered message", whole)
            : Header(occasion, Read(occasion, QuotedHeader.MaxBytes));
    }

    private static ReadOnlyMemory<byte> Read(ReportOccasion occasion, int most)
    {
        try
        {
            return occasion.Message.Content.Read(most);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // That there is news matters more than what it quotes.
            return default;
        }
    }

    private static ReportPart Header(ReportOccasion occasion, ReadOnlyMemory<byte> content)
    {
        var header = content[..QuotedHeader.LengthIn(content)];
        var type = SevenBitText.Holds(header.Span) || !Utf8.IsValid(header.Span) ? "text/rfc822-headers"
            : occasion.IsUtf8 ? "message/global-headers"
            : "text/rfc822-headers; charset=utf-8";
        return ReportPart.Encoded(type, occasion.IsFailure ? "Header of the undelivered message" : "Header of the message", header);
    }

    /// <summary>
    /// True when a failure report asked for in full may be full: a report travels in the clear, so it never holds content that was
    /// protected, here or by its author, or that was to be. A message/rfc822 cannot be encoded (RFC 2046 section 5.2.1), so 8-bit text is
    /// not returned either, as RFC 6522 section 3 has it.
    /// </summary>
    private static bool MayBeReturnedWhole(ReportOccasion occasion) =>
        occasion.IsFailure
        && occasion.Message.Envelope.Return == ReturnedContent.Full
        && occasion.Message.Protection == Protection.PassedUnchanged
        && occasion.Message.Content.Length <= MaxFullBytes;

    private static bool IsReturnedWhole(ReadOnlyMemory<byte> content) =>
        SevenBitText.Holds(content.Span)
        && Entity.TryParse(content, MimeLimits.Standard, out var entity, out _)
        && IsUnprotected(entity);

    // Every level counts, as an encrypted message can hang in a plain one. What cannot be looked through is not returned.
    private static bool IsUnprotected(Entity entity) =>
        ProtectionRecognizer.Recognize(entity) == ExistingProtection.None
        && entity.TryGetParts(out var parts, out _)
        && parts.All(IsUnprotected);
}
