using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Structure;

/// <summary>OpenPGP armour that is a whole text (RFC 9580 section 6.2): blanks may surround it, and nothing else.</summary>
internal static class PgpBlock
{
    // What an armour header may say: of programs that write any, the name and number are shorter.
    private const int MaxHeaderLength = 72;

    // Packets that begin messages and signatures (RFC 9580 section 5). A message that begins with any other, as one that is only signed or
    // stored, is readable by everybody, armour or not.
    private const int PublicKeySessionKey = 1;
    private const int Signature = 2;
    private const int SymmetricKeySessionKey = 3;
    private const int EncryptedData = 9;
    private const int ProtectedData = 18;
    private const int AuthenticatedData = 20;

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    private static ReadOnlySpan<byte> SignatureMark => "\n-----BEGIN PGP SIGNATURE-----"u8;

    /// <summary>Reads an encrypted message, from its first line to its last.</summary>
    public static bool IsEncrypted(ReadOnlySpan<byte> text) =>
        TryRead(text, "-----BEGIN PGP MESSAGE-----"u8, "-----END PGP MESSAGE-----"u8, allowsHeaders: false, out var packets)
        && FirstTag(packets.Span) is PublicKeySessionKey or SymmetricKeySessionKey or EncryptedData or ProtectedData or AuthenticatedData;

    /// <summary>Reads a detached signature, from its first line to its last.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowsHeaders">Whether its armour may have headers such as "Comment": nobody is shown those of a signature in a part of its own.</param>
    public static bool IsSignature(ReadOnlySpan<byte> text, bool allowsHeaders) =>
        TryRead(text, "-----BEGIN PGP SIGNATURE-----"u8, "-----END PGP SIGNATURE-----"u8, allowsHeaders, out var packets)
        && FirstTag(packets.Span) == Signature;

    /// <summary>Reads a clear text with its signature (RFC 9580 section 7), from its first line to its last.</summary>
    public static bool IsClearSigned(ReadOnlySpan<byte> text)
    {
        text = text.Trim(Blanks);
        if (!TryTakeLine(ref text, out var first) || !first.SequenceEqual("-----BEGIN PGP SIGNED MESSAGE-----"u8))
        {
            return false;
        }

        // The digests are named before an empty line; what else stands there is not signed.
        while (TryTakeLine(ref text, out var line) && !line.IsEmpty)
        {
            if (!line.StartsWith("Hash:"u8) || line.Length > MaxHeaderLength)
            {
                return false;
            }
        }

        var signature = text.IndexOf(SignatureMark);
        return signature >= 0 && AreEscaped(text[..signature]) && IsSignature(text[signature..], allowsHeaders: false);
    }

    private static bool TryTakeLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        var feed = text.IndexOf((byte)'\n');
        line = feed < 0 ? text : text[..feed].TrimEnd(Blanks);
        text = feed < 0 ? text : text[(feed + 1)..];
        return feed >= 0;
    }

    // A line that begins with a dash is escaped by "- ", or it would be armour inside of armour.
    private static bool AreEscaped(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            if (text[range].StartsWith("-"u8) && !text[range].StartsWith("- "u8))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryRead(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end, bool allowsHeaders, out ReadOnlyMemory<byte> packets)
    {
        packets = default;
        text = text.Trim(Blanks);
        if (!text.StartsWith(begin) || !text.EndsWith(end) || text.Length < begin.Length + end.Length)
        {
            return false;
        }

        text = text[begin.Length..^end.Length];
        if (!TryTakeLine(ref text, out var line) || !line.IsEmpty)
        {
            return false;
        }

        while (TryTakeLine(ref text, out line) && !line.IsEmpty)
        {
            if (!IsPlainHeader(line) && !(allowsHeaders && line.IndexOf(": "u8) > 0))
            {
                return false;
            }
        }

        return WholeDecoding.TryDecodeBase64(WithoutChecksum(text), out packets);
    }

    // The version of the program; all other headers, "Comment" above all, are readable text of anybody's choosing.
    private static bool IsPlainHeader(ReadOnlySpan<byte> line) =>
        line.StartsWith("Version: "u8) && line.Length <= MaxHeaderLength && line.ContainsAnyInRange((byte)'0', (byte)'9');

    // RFC 9580 section 4.2: the first bit is set, the second tells the newer format from the older.
    private static int FirstTag(ReadOnlySpan<byte> packets) =>
        packets.IsEmpty || (packets[0] & 0x80) == 0 ? -1 : (packets[0] & 0x40) != 0 ? packets[0] & 0x3F : (packets[0] >> 2) & 0x0F;

    private static ReadOnlySpan<byte> WithoutChecksum(ReadOnlySpan<byte> radix64)
    {
        radix64 = radix64.TrimEnd(Blanks);
        return radix64.Length >= 6 && radix64[^5] == '=' && radix64[^6] == '\n' ? radix64[..^5] : radix64;
    }
}
