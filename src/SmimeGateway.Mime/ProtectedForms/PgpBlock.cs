using System.Text;
using System.Text.RegularExpressions;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>OpenPGP armour that is a whole text (RFC 9580 section 6.2): blanks may surround it, and nothing else.</summary>
internal static partial class PgpBlock
{
    // What an armour header may say: of programs that write any, the name and number are shorter.
    private const int MaxHeaderLength = 72;

    // One line for the program and few for what it has to say of itself: nobody is shown those of a signature in a part of its own.
    private const int MaxHeaders = 4;

    private static readonly string[] Digests =
        ["MD5", "SHA1", "RIPEMD160", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-512"];

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    private static ReadOnlySpan<byte> SignatureMark => "\n-----BEGIN PGP SIGNATURE-----"u8;

    /// <summary>Reads an encrypted message, from its first line to its last.</summary>
    public static bool IsEncrypted(ReadOnlySpan<byte> text) =>
        TryRead(text, "-----BEGIN PGP MESSAGE-----"u8, "-----END PGP MESSAGE-----"u8, allowsHeaders: false, out var packets)
        && PgpPackets.AreEncryptedMessage(packets.Span);

    /// <summary>Reads a detached signature, from its first line to its last.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowsHeaders">Whether its armour may have headers such as "Comment": nobody is shown those of a signature in a part of its own.</param>
    public static bool IsSignature(ReadOnlySpan<byte> text, bool allowsHeaders) =>
        TryRead(text, "-----BEGIN PGP SIGNATURE-----"u8, "-----END PGP SIGNATURE-----"u8, allowsHeaders, out var packets)
        && PgpPackets.AreSignatures(packets.Span);

    /// <summary>Reads a clear text with its signature (RFC 9580 section 7), from its first line to its last.</summary>
    public static bool IsClearSigned(ReadOnlySpan<byte> text)
    {
        text = text.Trim(Blanks);
        if (!TryTakeLine(ref text, out var first) || !first.SequenceEqual("-----BEGIN PGP SIGNED MESSAGE-----"u8))
        {
            return false;
        }

        // The digests are named before an empty line; what else stands there is not signed.
        var named = new HashSet<string>(StringComparer.Ordinal);
        while (TryTakeLine(ref text, out var line) && !line.IsEmpty)
        {
            if (!AreDigests(line, named))
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

        var headers = 0;
        while (TryTakeLine(ref text, out line) && !line.IsEmpty)
        {
            if (line.Length > MaxHeaderLength || ++headers > (allowsHeaders ? MaxHeaders : 1) || !(allowsHeaders ? line.IndexOf(": "u8) > 0 : IsVersion(line)))
            {
                return false;
            }
        }

        return WholeDecoding.TryDecodeBase64(WithoutChecksum(text), out packets);
    }

    // The version of the program; all other headers, "Comment" above all, are readable text of anybody's choosing.
    private static bool IsVersion(ReadOnlySpan<byte> line) => Version().IsMatch(Encoding.Latin1.GetString(line));

    // Such as "GnuPG v2.0.22 (GNU/Linux)" and "PGP Universal 2.9.1 (Build 347)", and no sentence.
    [GeneratedRegex(@"^Version: [A-Za-z][A-Za-z0-9./+-]*( [A-Z][A-Za-z]*){0,2} v?[0-9][0-9A-Za-z.+-]*( \((Build [0-9]+|[A-Za-z0-9/.+-]+)\))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    // Each digest is named once, which bounds the lines as well.
    private static bool AreDigests(ReadOnlySpan<byte> line, HashSet<string> named) =>
        line.StartsWith("Hash:"u8) && line.Length <= MaxHeaderLength
        && Encoding.Latin1.GetString(line["Hash:".Length..]).Split(',', StringSplitOptions.TrimEntries)
            .All(name => Digests.Contains(name, StringComparer.OrdinalIgnoreCase) && named.Add(name.ToUpperInvariant()));

    private static ReadOnlySpan<byte> WithoutChecksum(ReadOnlySpan<byte> radix64)
    {
        radix64 = radix64.TrimEnd(Blanks);
        return radix64.Length >= 6 && radix64[^5] == '=' && radix64[^6] == '\n' ? radix64[..^5] : radix64;
    }
}
