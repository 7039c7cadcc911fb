using System.Buffers;
using System.Globalization;
using System.Text;

namespace SmimeGateway.Smtp.Client;

/// <summary>Makes foreign bytes fit for logs and reports: one line, no control characters, bounded.</summary>
public static class PrintableText
{
    private static readonly SearchValues<byte> PrintableAscii =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(value => (byte)value)]);

    private const int MaxStackChars = 1024;

    /// <summary>
    /// Reads the bytes as UTF-8. What is not UTF-8, not printable, or would reorder the text around it becomes <c>?</c>.
    /// </summary>
    /// <param name="bytes">Foreign bytes.</param>
    /// <param name="maxChars">Where to cut.</param>
    public static string From(ReadOnlySpan<byte> bytes, int maxChars)
    {
        if (bytes.Length <= maxChars && bytes.IndexOfAnyExcept(PrintableAscii) < 0)
        {
            return Encoding.ASCII.GetString(bytes);
        }

        var text = maxChars <= MaxStackChars ? stackalloc char[maxChars] : new char[maxChars];
        var length = 0;
        while (!bytes.IsEmpty && length < maxChars)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            bytes = bytes[consumed..];
            if (status != OperationStatus.Done || !IsPrintable(rune))
            {
                text[length++] = '?';
            }
            else if (rune.TryEncodeToUtf16(text[length..], out var written))
            {
                length += written;
            }
            else
            {
                break;
            }
        }

        return new string(text[..length]);
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
