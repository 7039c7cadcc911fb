using System.Buffers;
using System.Text;

namespace SmimeGateway.Mime.Fields;

/// <summary>The characters of addresses (RFC 5322 section 3.2, RFC 6532 section 3.2).</summary>
internal static class AddressSyntax
{
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[]:;@\\,.\" ");

    /// <summary>atext, with all characters beyond ASCII that are not controls or blanks.</summary>
    public static bool IsAtomCharacter(char character) =>
        character <= '~' ? character > ' ' && !Specials.Contains(character) : character >= '\u00A0' && !char.IsControl(character);

    public static bool IsBlank(char character) => character is ' ' or '\t';

    /// <summary>A character that may stand in a quoted string, comment or literal: no control, so that none reaches a log or a relay.</summary>
    public static bool IsPrintable(char character) => character is '\t' or (>= ' ' and not '\u007F' and not (> '\u007F' and < '\u00A0'));

    /// <summary>The local part as it must be written: as it is where it is a dot-atom, else as a quoted string.</summary>
    public static string QuoteIfNeeded(string localPart)
    {
        if (IsDotAtom(localPart))
        {
            return localPart;
        }

        var quoted = new StringBuilder(localPart.Length + 2).Append('"');
        foreach (var character in localPart)
        {
            if (character is '"' or '\\')
            {
                quoted.Append('\\');
            }

            quoted.Append(character);
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsDotAtom(string text)
    {
        var expectsAtom = true;
        foreach (var character in text)
        {
            if (character == '.' ? expectsAtom : !IsAtomCharacter(character))
            {
                return false;
            }

            expectsAtom = character == '.';
        }

        return !expectsAtom;
    }
}
