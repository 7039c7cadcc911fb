using System.Diagnostics.CodeAnalysis;
using System.Text;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Authors;

/// <summary>
/// Reads fields that no grammar allows and every program reads alike: one plain address, alone or in angle brackets behind any text, with a
/// comma or semicolon after it, without its last bracket or with one more.
/// </summary>
internal static class SloppyField
{
    private const string Tail = " \t,;";

    private static readonly char[] Separators = [',', ';'];

    private static readonly char[] NameSeparators = [.. Tail];

    private static readonly char[] NameEdges = [.. " \t,;'()[]\""];

    /// <summary>The mailbox, with the text before it as its name.</summary>
    public static bool TryRead(string body, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        var open = body.LastIndexOf('<');
        var name = open < 0 ? string.Empty : body[..open];
        var address = body.AsSpan(open + 1);
        if (open < 0)
        {
            address = address.TrimEnd(Tail);
        }
        else if (address.IndexOf('>') is >= 0 and var close)
        {
            if (address[(close + 1)..].ContainsAnyExcept(Tail + ">"))
            {
                return false;
            }

            address = address[..close];
        }

        address = address.Trim(" \t");
        var at = address.IndexOf('@');
        if (at <= 0 || !IsLocalPart(address[..at]) || !IsDomain(address[(at + 1)..]) || !IsName(name, address))
        {
            return false;
        }

        mailbox = new Mailbox(NameIn(name), address[..at].ToString(), address[(at + 1)..].TrimEnd('.').ToString());
        return true;
    }

    private static bool IsLocalPart(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character > '~' || (character != '.' && !AddressSyntax.IsAtomCharacter(character)))
            {
                return false;
            }
        }

        return text[0] is not ('\'' or '.') && text[^1] is not ('\'' or '.') && !text.Contains("=?", StringComparison.Ordinal) && !text.Contains("?=", StringComparison.Ordinal);
    }

    private static bool IsDomain(ReadOnlySpan<char> text)
    {
        text = text is [.., '.'] ? text[..^1] : text;
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return text is not ([] or ['.', ..] or [.., '.']) && !text.Contains("..", StringComparison.Ordinal);
    }

    // Quotes and comments begin and end before the address, and the only other address is the same one.
    private static bool IsName(string name, ReadOnlySpan<char> address) =>
        !name.AsSpan().ContainsAny("<>\\:")
        && !NameRegions.Of(name + " ")[^1]
        && HasHarmlessSeparators(name)
        && (!name.Contains('@', StringComparison.Ordinal) || name.AsSpan().Trim(NameEdges).Equals(address, StringComparison.OrdinalIgnoreCase));

    // "Doe, Alice" is a name to everybody, or its words before the comma are one without an address. Quotes and comments there, and a dot
    // behind it, make another mailbox of them to some; and what stands behind it is the name they show with the address, so it is there.
    // Before a semicolon, behind which some read nothing at all, stand words alone, never a host.
    private static bool HasHarmlessSeparators(string name)
    {
        var isName = NameRegions.Of(name);
        var last = name.Length - 1;
        while (last >= 0 && (isName[last] || name[last] is not (',' or ';')))
        {
            last--;
        }

        if (last < 0)
        {
            return true;
        }

        var before = name[..last];
        var behind = name[(last + 1)..].TrimStart();
        var hasComment = behind.AsSpan().ContainsAny('(', ')');
        var mayHoldHost = name[last] == ',' && !before.Contains(';', StringComparison.Ordinal);
        return !before.AsSpan().ContainsAny("\"()")
            && ShownText.Of(name).Octets?.Contains('@', StringComparison.Ordinal) != true
            && Array.TrueForAll(
                ShownTexts.Bare(EncodedWords.Decode(before)).Split(Separators),
                part => part.Any(char.IsLetterOrDigit) && (mayHoldHost || !HoldsHost(part)))
            && !behind.StartsWith('.')
            && name[(last + 1)..].Where((_, i) => !hasComment || !isName[last + 1 + i]).Any(char.IsLetterOrDigit);
    }

    private static bool HoldsHost(string words) =>
        words.Index().Any(entry => entry.Item is '.' or '\u3002' && entry.Index + 1 < words.Length && !char.IsWhiteSpace(words[entry.Index + 1]));

    private static string NameIn(string name)
    {
        var readable = new StringBuilder(name.Length);
        foreach (var character in EncodedWords.Decode(name))
        {
            _ = character is '"' or '@' || char.IsControl(character) ? readable : readable.Append(character);
        }

        // A name that is the address once more says nothing. Of another, brackets and all belong to it, as in "[JIRA] Alice".
        return name.Contains('@', StringComparison.Ordinal) ? string.Empty : readable.ToString().Trim(NameSeparators);
    }
}
