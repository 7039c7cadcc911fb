using System.Globalization;
using System.Text;

namespace SmimeGateway.Mime.Composing;

/// <summary>Names of files as they may stand in a header field (RFC 2183 section 2.3, RFC 2231).</summary>
public static class FileNames
{
    // What file systems take, and nobody reads more of.
    private const int MaxLength = 150;

    // A parameter with its name stays within a line.
    private const int MaxPiece = 60;

    /// <summary>
    /// A name without a folder, a drive or a stream, without control characters and characters that turn the text around, and without dots
    /// and blanks at its ends; null where nothing is left. A long one keeps its beginning and its extension.
    /// </summary>
    public static string? Clean(string? name)
    {
        var whole = PlainLines.OneLine(name ?? string.Empty, int.MaxValue);
        var last = whole.LastIndexOfAny(['/', '\\', ':']);
        var clean = whole[(last + 1)..].Replace('"', '\'').Replace('<', '_').Replace('>', '_').Replace('|', '_').Replace('?', '_').Replace('*', '_');
        clean = Trim(clean);
        if (clean.Length > MaxLength)
        {
            var dot = clean.LastIndexOf('.');
            var extension = dot > 0 && clean.Length - dot <= 16 ? clean[dot..] : string.Empty;
            clean = Trim(Whole(clean, MaxLength - extension.Length)) + extension;
        }

        return clean.Length == 0 ? null : clean;
    }

    /// <summary>The parameter that gives the name, with what separates it from what is before; nothing where there is no name.</summary>
    internal static string Parameter(string? name)
    {
        if (Clean(name) is not { } clean)
        {
            return string.Empty;
        }

        if (Ascii.IsValid(clean) && clean.Length <= MaxPiece)
        {
            return $";\r\n filename=\"{clean}\"";
        }

        var written = new StringBuilder();
        var piece = new StringBuilder("utf-8''");
        var number = 0;
        foreach (var rune in clean.EnumerateRunes())
        {
            var encoded = Encode(rune);
            if (piece.Length + encoded.Length > MaxPiece)
            {
                Append();
            }

            piece.Append(encoded);
        }

        Append();
        return written.ToString();

        void Append()
        {
            written.Append(CultureInfo.InvariantCulture, $";\r\n filename*{number++}*={piece}");
            piece.Clear();
        }
    }

    private static string Encode(Rune rune)
    {
        if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '-' or '_' or '.'))
        {
            return rune.ToString();
        }

        Span<byte> octets = stackalloc byte[4];
        var encoded = new StringBuilder(12);
        foreach (var octet in octets[..rune.EncodeToUtf8(octets)])
        {
            encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return encoded.ToString();
    }

    private static string Trim(string name) => name.Trim(' ', '.');

    // A character of two halves is not cut in two.
    private static string Whole(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
