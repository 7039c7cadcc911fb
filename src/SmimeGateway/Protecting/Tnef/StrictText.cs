using System.Text;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>Decodes texts exactly or not at all: an octet that is no character is never another one.</summary>
internal static class StrictText
{
    private const int Ascii = 20127;
    private const int Utf16 = 1200;

    /// <summary>Decodes a text.</summary>
    /// <param name="octets">The text.</param>
    /// <param name="codepage">Its code page; of one that is not known, or not said, only ASCII is read.</param>
    /// <exception cref="TnefFormException">It is no text of that code page.</exception>
    public static string Decode(ReadOnlySpan<byte> octets, int codepage) =>
        TryDecode(octets, codepage, out var text) ? text : throw new TnefFormException($"a text is not in the code page that it names ({codepage})");

    /// <summary>Decodes UTF-16, and takes the zeros at its end away.</summary>
    /// <exception cref="TnefFormException">It has half a character.</exception>
    public static string DecodeUnicode(ReadOnlySpan<byte> octets) => Decode(octets, Utf16).TrimEnd('\0');

    public static bool TryDecode(ReadOnlySpan<byte> octets, int codepage, out string text)
    {
        text = string.Empty;
        try
        {
            text = Find(codepage).GetString(octets);
            return IsUnicode(codepage) || !text.AsSpan().ContainsAnyInRange('\u0080', '\u009F') && !text.AsSpan().ContainsAnyInRange('\uF880', '\uF8FF') && !text.Contains('\uFFFD', StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    // 42 is that of symbols, which have no characters.
    private static Encoding Find(int codepage)
    {
        try
        {
            return codepage is <= 0 or 42 or > 65535 ? Strict(Ascii)! : Strict(codepage) ?? Strict(Ascii)!;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return Strict(Ascii)!;
        }
    }

    private static Encoding? Strict(int codepage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codepage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
        ?? Encoding.GetEncoding(codepage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    // Where an octet is no character, the others name one of the controls beyond ASCII, or one that is for private use.
    private static bool IsUnicode(int codepage) => codepage is Utf16 or 1201 or 12000 or 12001 or 54936 or 65001;
}
