using System.Text;
using System.Text.Unicode;

namespace SmimeGateway.Mime.Hardening;

/// <summary>
/// Makes text that stands where a header should be survive transit. Some readers show it, so it is not left out; an mbox line gets the
/// mark that relays would give it.
/// </summary>
internal static class StrayLines
{
    public static byte[] Write(ReadOnlySpan<byte> lines)
    {
        var text = (Utf8.IsValid(lines) ? Encoding.UTF8 : Encoding.Latin1).GetString(lines);
        var written = new List<byte>(lines.Length);
        foreach (var line in text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var words = WordRepair.Encode(line.Trim(' ', '\t')).Split(' ', 2);
            // Without its blank an indented line could become a field that nobody had read before.
            var mark = words[0] == "From" || line[0] is ' ' or '\t' ? ">" : string.Empty;
            written.AddRange(FoldedField.Write(mark + words[0], words.Length > 1 ? words[1] : string.Empty));
        }

        return [.. written];
    }
}
