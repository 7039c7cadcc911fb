using System.Globalization;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Authors;

/// <summary>
/// Finds every address that a text shows, however it is read: all that stands around an "at" sign. Where it cannot be told what stands
/// there, because some would see a longer or a shorter address, there is a flaw.
/// </summary>
/// <param name="text">The text; forms of the "at" sign that are not ASCII count as one.</param>
internal sealed class AddressMentions(string text)
{
    // Comments and blanks may stand around the dots of an address (obs-local-part and obs-domain, RFC 5322 section 4.4).
    private const string Extending = ".@\\";

    private const char LatinEnd = '\u0250';

    // The longest local part, and comment beside an address, in which is looked for its end.
    private const int Reach = 1000;

    private const string Following = "<>,;:()[]\"'";

    private readonly string _text = text.Replace('\uFF20', '@').Replace('\uFE6B', '@');

    /// <summary>The places of the "at" signs, from left to right.</summary>
    public IEnumerable<int> Places()
    {
        for (var at = _text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = _text.IndexOf('@', at + 1))
        {
            yield return at;
        }
    }

    /// <summary>The address around a sign, with its local part out of quotes; null where it cannot be told.</summary>
    public (string LocalPart, string Domain)? AddressAt(int at)
    {
        var end = EndOfDomain(at + 1);
        var (start, localPart) = StartOfLocalPart(at);
        if (end == at + 1 || localPart.Length == 0)
        {
            return null;
        }

        // People put what they believe to be a name into single quotes, and programs put it there for them.
        if (localPart[0] == '\'' && end < _text.Length && _text[end] == '\'' && localPart.Length > 1)
        {
            localPart = localPart[1..];
            end++;
        }

        // The root of all domains may be written (RFC 1034 section 3.1), and some drop it.
        var domain = _text[(at + 1)..end].TrimEnd('\'');
        domain = domain.EndsWith('.') ? domain[..^1] : domain;
        return IsBoundBefore(start) && IsBoundAfter(end) && !HoldsEncodedWord(localPart) && !HasEmptyLabel(domain)
            ? (localPart, domain)
            : null;
    }

    /// <summary>
    /// Whether the sign stands for the word "at", as in "Alice @ Work": it stands apart, and up to the address nothing follows that could
    /// be the dot of a domain.
    /// </summary>
    public bool IsLone(int at)
    {
        if (at > 0 && !char.IsWhiteSpace(_text[at - 1]) && _text[at - 1] is not ('"' or '('))
        {
            return false;
        }

        var rest = _text.AsSpan(at + 1);
        var end = rest.IndexOfAny('<', '@');
        rest = (end < 0 ? rest : rest[..end]).TrimStart();
        return (end < 0 || _text[at + 1 + end] == '<') && rest is [var first, ..] && char.IsLetterOrDigit(first) && !HoldsDot(rest);
    }

    /// <summary>Whether no domain with a dot follows the sign at once.</summary>
    public bool IsBeforeNoDomain(int at)
    {
        var next = at + 1;
        while (next < _text.Length && char.IsWhiteSpace(_text[next]))
        {
            next++;
        }

        return !_text.AsSpan(next, EndOfDomain(next) - next).Contains('.') && (next == _text.Length || _text[next] != '[');
    }

    // Outside of Latin there are letters that look like dots.
    private static bool HoldsDot(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character == '.' || (character > '~' && (character >= LatinEnd || !char.IsLetter(character))))
            {
                return true;
            }
        }

        return false;
    }

    // An address has none (RFC 2047 section 5), but some decode what looks like one or like the end of one.
    private static bool HoldsEncodedWord(string localPart) =>
        localPart.Contains("=?", StringComparison.Ordinal) || localPart.Contains("?=", StringComparison.Ordinal);

    private static bool HasEmptyLabel(string domain) =>
        domain.Length == 0 || domain[0] == '.' || domain[^1] == '.' || domain.Contains("..", StringComparison.Ordinal);

    private (int Start, string LocalPart) StartOfLocalPart(int at)
    {
        if (at > 1 && _text[at - 1] == '"')
        {
            var open = _text.LastIndexOf('"', at - 2, Math.Min(at - 1, Reach));
            var quoted = open < 0 ? string.Empty : _text[(open + 1)..(at - 1)];
            return (open, quoted.All(IsLocalCharacter) ? quoted : string.Empty);
        }

        var start = at;
        while (start > 0 && IsLocalCharacter(_text[start - 1]))
        {
            start--;
        }

        return (start, _text[start..at]);
    }

    private int EndOfDomain(int start)
    {
        var end = start;
        if (end < _text.Length && _text[end] == '[')
        {
            while (++end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] is '.' or ':'))
            {
            }

            return end < _text.Length && _text[end] == ']' ? end + 1 : start;
        }

        while (end < _text.Length && IsDomainCharacter(_text[end]))
        {
            end++;
        }

        return end;
    }

    private bool IsBoundBefore(int start)
    {
        if (start == 0)
        {
            return true;
        }

        var before = _text[start - 1];
        if (before == '"')
        {
            // An opening quote; behind a closing one the address might go on.
            return start == 1 || char.IsWhiteSpace(_text[start - 2]) || _text[start - 2] is ',' or ';' or ':' or '<' or '(' or '\'';
        }

        return before is '<' or ',' or ';' or ':' or '(' or '[' || (char.IsWhiteSpace(before) && !IsExtended(start - 1, step: -1, '(', ')'));
    }

    private bool IsBoundAfter(int end)
    {
        if (end == _text.Length)
        {
            return true;
        }

        var after = _text[end];
        if (after is '"' or '\'' || after == '(')
        {
            var next = after == '(' ? AfterComments(end, step: 1, '(', ')') : end + 1;
            return next - end < Reach && (next >= _text.Length || char.IsWhiteSpace(_text[next]) || Following.Contains(_text[next], StringComparison.Ordinal));
        }

        return after is '>' or '<' or ',' or ';' or ':' or ')' or ']' || (char.IsWhiteSpace(after) && !IsExtended(end, step: 1, '(', ')'));
    }

    private bool IsExtended(int from, int step, char open, char close)
    {
        var next = AfterComments(from, step, open, close);
        // Behind a comment that is longer than any the address might go on.
        return Math.Abs(next - from) >= Reach || (next >= 0 && next < _text.Length && Extending.Contains(_text[next], StringComparison.Ordinal));
    }

    private int AfterComments(int from, int step, char open, char close)
    {
        var depth = 0;
        for (var steps = 0; steps < Reach && from >= 0 && from < _text.Length; steps++)
        {
            var character = _text[from];
            if (character == (step > 0 ? open : close))
            {
                depth++;
            }
            else if (depth > 0 && character == (step > 0 ? close : open))
            {
                depth--;
            }
            else if (depth == 0 && !char.IsWhiteSpace(character))
            {
                break;
            }

            from += step;
        }

        return from;
    }

    private static bool IsLocalCharacter(char character) =>
        character == '.' || (character != '@' && AddressSyntax.IsAtomCharacter(character) && IsVisible(character));

    private static bool IsDomainCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' || (character > '\u007F' && AddressSyntax.IsAtomCharacter(character) && IsVisible(character));

    private static bool IsVisible(char character) =>
        character <= '~' || (!char.IsWhiteSpace(character) && char.GetUnicodeCategory(character) is not UnicodeCategory.Format);
}
