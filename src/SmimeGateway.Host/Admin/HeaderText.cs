using System.Text;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Admin;

/// <summary>The header section of a message, as a terminal may see it.</summary>
internal static class HeaderText
{
    private const int MaxLines = 200;

    /// <summary>The lines, with control characters made visible; those beyond two hundred are only counted.</summary>
    public static IReadOnlyList<string> Lines(ReadOnlyMemory<byte> header)
    {
        var lines = Encoding.UTF8.GetString(header.Span).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var shown = lines.Take(MaxLines).Select(line => PlainText.Of(line.Replace('\t', ' ')));
        return lines.Length <= MaxLines ? [.. shown] : [.. shown, $"({lines.Length - MaxLines} more lines)"];
    }
}
