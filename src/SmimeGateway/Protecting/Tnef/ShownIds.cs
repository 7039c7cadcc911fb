using System.Buffers;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>The parts that HTML shows inside itself (RFC 2392), found in one go however many there are.</summary>
internal static class ShownIds
{
    private const string Scheme = "cid:";

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'<>()");

    /// <summary>The names behind all "cid:", as they are written.</summary>
    public static HashSet<string> Of(string html)
    {
        var shown = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var position = html.IndexOf(Scheme, StringComparison.OrdinalIgnoreCase);
        while (position >= 0)
        {
            var rest = html.AsSpan(position + Scheme.Length);
            var end = rest.IndexOfAny(Ends);
            shown.Add(Uri.UnescapeDataString(end < 0 ? rest : rest[..end]));
            position = html.IndexOf(Scheme, position + Scheme.Length + Math.Max(end, 0), StringComparison.OrdinalIgnoreCase);
        }

        return shown;
    }
}
