using System.Text;

namespace SmimeGateway.Reporting;

/// <summary>The header section of a message as a report quotes it.</summary>
internal static class QuotedHeader
{
    // A report about a message with a gigantic header stays small; whole fields up to this size tell enough.
    private const int MaxBytes = 64 * 1024;

    /// <summary>Everything before the first empty line, ending with a line end; cut behind a line where it is too long.</summary>
    public static string Of(ReadOnlySpan<byte> message)
    {
        var window = message[..Math.Min(message.Length, MaxBytes)];
        int length;
        if (window.StartsWith("\r\n"u8))
        {
            length = 0;
        }
        else if (window.IndexOf("\r\n\r\n"u8) is var end and >= 0)
        {
            length = end + 2;
        }
        else
        {
            // No empty line: either all of it is header, or the header is cut behind its last whole line.
            length = window.LastIndexOf("\r\n"u8) is var last and >= 0 ? last + 2 : 0;
        }

        return Encoding.UTF8.GetString(window[..length]);
    }
}
