using System.Buffers;
using System.Globalization;
using System.Text;

namespace SmimeGateway.Mime.Authors;

/// <summary>
/// All that people may be shown of a field body: as it is written and decoded, and each of it without what programs take out before they
/// show or decode it.
/// </summary>
/// <param name="All">The texts.</param>
/// <param name="Octets">Texts in which words of charsets with several octets for a character are read octet by octet.</param>
/// <param name="Doubt">Why programs may be shown something else still, or null.</param>
internal sealed record ShownTexts(IReadOnlyCollection<string> All, IReadOnlyCollection<string> Octets, AuthorFault? Doubt)
{
    // ASCII of which nothing is taken out, and that no form of Unicode changes: most names and addresses are of nothing else.
    private static readonly SearchValues<char> AlwaysShown =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (char)value).Except("\\\"")]);

    /// <summary>What a body shows.</summary>
    public static ShownTexts Of(string body)
    {
        var bare = Bare(body);
        if (ReferenceEquals(bare, body) && !body.Contains("=?", StringComparison.Ordinal))
        {
            return new ShownTexts([body], [], Doubt: null);
        }

        var written = ShownText.Of(body);
        var unquoted = bare == body ? written : ShownText.Of(bare);
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in (string[])[written.Joined, written.Separate, unquoted.Joined, unquoted.Separate])
        {
            all.Add(text);
            all.Add(Bare(text));
        }

        // Some decode until nothing is left to decode.
        var doubt = written.Doubt ?? unquoted.Doubt
            ?? (all.Any(text => text.Contains("=?", StringComparison.Ordinal)) ? new AuthorFault(AuthorFlaw.NestedWord) : null);
        return new ShownTexts(all, [.. new[] { written.Octets, unquoted.Octets }.OfType<string>().Distinct().Select(Bare)], doubt);
    }

    /// <summary>The text without backslashes, quotes and all that nobody sees, in the form in which what looks alike is alike (NFKC).</summary>
    public static string Bare(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(AlwaysShown))
        {
            return text;
        }

        var bare = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) && rune.Value != '\u0085')
            {
                bare.Append(' ');
            }
            else if (rune.Value is not ('\\' or '"') && !IsInvisible(rune))
            {
                bare.Append(rune);
            }
        }

        return bare.ToString().Normalize(NormalizationForm.FormKC);
    }

    // Controls, and what Unicode calls default ignorable.
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2065 or 0x3164 or 0xFFA0
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);
}
