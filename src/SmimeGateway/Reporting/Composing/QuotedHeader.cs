using SmimeGateway.Mime;

namespace SmimeGateway.Reporting.Composing;

/// <summary>The header section of a message as a report quotes it.</summary>
internal static class QuotedHeader
{
    /// <summary>A report about a message with a gigantic header stays small; whole fields up to this size tell enough.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>
    /// The length of everything before the body, with the last line end; or of the whole lines that fit, where it is too long. A header need
    /// not end in an empty line, and text is none of it.
    /// </summary>
    public static int LengthIn(ReadOnlyMemory<byte> message)
    {
        var lines = message[..LinesIn(message.Span)];
        return Entity.TryParse(lines, MimeLimits.Standard, out var entity, out _) ? entity.Header.Raw.Length : lines.Length;
    }

    private static int LinesIn(ReadOnlySpan<byte> message)
    {
        var window = message[..Math.Min(message.Length, MaxBytes)];
        if (window.StartsWith("\r\n"u8))
        {
            return 0;
        }

        // No empty line: either all of it is header, or the header is cut behind its last whole line.
        var end = window.IndexOf("\r\n\r\n"u8);
        return (end >= 0 ? end : window.LastIndexOf("\r\n"u8)) is var last and >= 0 ? last + 2 : 0;
    }
}
