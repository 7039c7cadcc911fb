using System.Text;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>Finds the place in an HTML document before which nothing is shown.</summary>
internal static class HtmlBody
{
    // What stands in these is text to the parser, whatever it looks like.
    private static readonly byte[][] RawElements = ["script"u8.ToArray(), "style"u8.ToArray(), "title"u8.ToArray(), "noscript"u8.ToArray()];

    /// <summary>
    /// Behind the tag that opens the body and the line end after it; where the document leaves it out, behind the head, behind the tag that opens the document, or
    /// behind the document type.
    /// </summary>
    public static int FindStart(ReadOnlySpan<byte> html)
    {
        var start = 0;
        var position = 0;
        while (html[position..].IndexOf((byte)'<') is >= 0 and var next)
        {
            position += next;
            var rest = html[position..];
            if (rest.StartsWith("<!--"u8))
            {
                position = After(html, position + 4, "-->"u8);
                continue;
            }

            var end = EndOfTag(html, position);
            if (IsTag(rest, "body"u8))
            {
                return html[end..].StartsWith("\r\n"u8) ? end + 2 : html[end..].StartsWith("\n"u8) ? end + 1 : end;
            }

            if (IsTag(rest, "html"u8) || IsTag(rest, "/head"u8) || IsTag(rest, "!doctype"u8))
            {
                start = end;
            }

            position = RawElementAt(rest) is { } element ? EndOfElement(html, end, element) : end;
        }

        return start == 0 && html.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : start;
    }

    private static byte[]? RawElementAt(ReadOnlySpan<byte> tag)
    {
        foreach (var element in RawElements)
        {
            if (IsTag(tag, element))
            {
                return element;
            }
        }

        return null;
    }

    private static bool IsTag(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name) =>
        rest.Length > name.Length + 1
        && Ascii.EqualsIgnoreCase(rest.Slice(1, name.Length), name)
        && rest[name.Length + 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f' or (byte)'/' or (byte)'>';

    // A ">" inside quotes is part of an attribute.
    private static int EndOfTag(ReadOnlySpan<byte> html, int start)
    {
        var quote = (byte)0;
        for (var i = start + 1; i < html.Length; i++)
        {
            var octet = html[i];
            if (quote != 0)
            {
                quote = octet == quote ? (byte)0 : quote;
            }
            else if (octet is (byte)'"' or (byte)'\'')
            {
                quote = octet;
            }
            else if (octet == '>')
            {
                return i + 1;
            }
        }

        return html.Length;
    }

    private static int EndOfElement(ReadOnlySpan<byte> html, int position, ReadOnlySpan<byte> element)
    {
        while (html[position..].IndexOf("</"u8) is >= 0 and var next)
        {
            position += next;
            if (html.Length - position >= element.Length + 2 && Ascii.EqualsIgnoreCase(html.Slice(position + 2, element.Length), element))
            {
                return EndOfTag(html, position);
            }

            position += 2;
        }

        return html.Length;
    }

    private static int After(ReadOnlySpan<byte> html, int position, ReadOnlySpan<byte> end)
    {
        position = Math.Min(position, html.Length);
        var found = html[position..].IndexOf(end);
        return found < 0 ? html.Length : position + found + end.Length;
    }
}
