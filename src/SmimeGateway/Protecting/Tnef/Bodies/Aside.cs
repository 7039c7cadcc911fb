namespace SmimeGateway.Protecting.Tnef.Bodies;

/// <summary>
/// Something in a text with looks that is no word of it, and that programs write into a plain text in ways of their own, or leave out. A
/// way counts only where it is exactly one of those known, so that nothing else passes for it.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Where in the text it is.</param>
/// <param name="Length">How much of the text is of it: the sign before an entry of a list is written there.</param>
/// <param name="Name">The target of a link, the source of a picture, the number of an entry.</param>
/// <param name="OtherName">The text of a picture for those who do not see it.</param>
internal readonly record struct Aside(AsideKind Kind, int Position, int Length = 0, string Name = "", string OtherName = "")
{
    // A line of an editor is not longer.
    private const int MaxRule = 200;

    private const string Bullets = "\u00B7\u2022\u25AA\u25A0\u25CF\u25CB\u25E6\u2013\u00A7\u00D8\u00FC\u00A8\uF0B7\uF0A7\uF0D8\uF0FC\uF0A8*-+ovq";

    /// <summary>Whether a text is nothing but the sign before an entry of a list.</summary>
    public static bool IsBullet(ReadOnlySpan<char> text) => text.Trim() is [var sign] && Bullets.Contains(sign, StringComparison.Ordinal);

    /// <summary>How many characters of a plain text, from a place on, are what a program makes of it; 0 where none are.</summary>
    public int WrittenAt(ReadOnlySpan<char> plain) => Kind switch
    {
        // "words <http://example.com/>", with or without the last slash.
        AsideKind.Link => !IsTarget(Name) ? 0 : InBrackets(plain, Name) is var link and > 0 ? link
            : Name.EndsWith('/') ? InBrackets(plain, Name.AsSpan(0, Name.Length - 1)) : InBrackets(plain, Name + "/"),

        // "[cid:image001.png@01D0]", "[A dog]".
        AsideKind.Picture => IsTarget(Name) && InBrackets(plain, Name) is var picture and > 0 ? picture : InBrackets(plain, OtherName),
        AsideKind.Bullet => plain.Length > 1 && Bullets.Contains(plain[0], StringComparison.Ordinal) && char.IsWhiteSpace(plain[1]) ? 1 : 0,
        AsideKind.Number => plain.StartsWith(Name) && plain.Length > Name.Length + 1 && plain[Name.Length] is '.' or ')' && char.IsWhiteSpace(plain[Name.Length + 1]) ? Name.Length + 1 : 0,
        AsideKind.Rule => Rule(plain),
    };

    // What has blanks in it, or no scheme, is a text that somebody has put there.
    private static bool IsTarget(string name) => name.IndexOf(':', StringComparison.Ordinal) is > 0 and < 20 && !name.AsSpan().ContainsAny(" \t\r\n\u00A0");

    private static int InBrackets(ReadOnlySpan<char> plain, ReadOnlySpan<char> name) =>
        !name.IsEmpty && plain.Length >= name.Length + 2 && plain[1..].StartsWith(name)
        && (plain[0], plain[name.Length + 1]) is ('<', '>') or ('[', ']') or ('(', ')')
            ? name.Length + 2
            : 0;

    private static int Rule(ReadOnlySpan<char> plain)
    {
        var length = plain.IsEmpty || plain[0] is not ('_' or '-') ? 0 : plain.IndexOfAnyExcept(plain[0]);
        length = length < 0 ? plain.Length : length;
        return length is >= 3 and <= MaxRule ? length : 0;
    }
}

/// <summary>What may be in a text besides its words.</summary>
internal enum AsideKind
{
    /// <summary>A link: its target is not shown.</summary>
    Link,

    /// <summary>A picture.</summary>
    Picture,

    /// <summary>The sign before an entry of a list.</summary>
    Bullet,

    /// <summary>The number before an entry of a list that nobody wrote.</summary>
    Number,

    /// <summary>A line across the text.</summary>
    Rule,
}
