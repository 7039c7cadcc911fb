using System.Text;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>One block of a PEM file (RFC 7468).</summary>
/// <param name="Label">What stands after BEGIN.</param>
/// <param name="Content">The decoded bytes; null when they are not Base64.</param>
/// <param name="IsOldEncryption">It is encrypted in the old way of OpenSSL, with its parameters in header lines.</param>
internal sealed record PemBlock(string Label, byte[]? Content, bool IsOldEncryption)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>All blocks of a file, in one pass; text around them is ignored.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isCutOff">True when a block has no end: the file is not whole, and more may have followed.</param>
    public static IReadOnlyList<PemBlock> ReadAll(ReadOnlySpan<byte> file, out bool isCutOff)
    {
        isCutOff = EndsInBeginning(file);
        var blocks = new List<PemBlock>();
        ReadOnlySpan<char> text = Encoding.Latin1.GetString(file);
        while (true)
        {
            var begin = text.IndexOf(Begin, StringComparison.Ordinal);
            if (begin < 0)
            {
                return blocks;
            }

            text = text[(begin + Begin.Length)..];
            var labelEnd = text.IndexOf(Dashes, StringComparison.Ordinal);
            if (labelEnd < 0)
            {
                isCutOff = true;
                return blocks;
            }

            var label = text[..labelEnd];
            text = text[(labelEnd + Dashes.Length)..];
            var end = text.IndexOf(Dashes, StringComparison.Ordinal);
            if (end < 0)
            {
                isCutOff = true;
                return blocks;
            }

            // A block that is followed by another beginning was cut off; the search goes on from there.
            if (text[end..].StartsWith(End, StringComparison.Ordinal) && text[(end + End.Length)..].StartsWith(label, StringComparison.Ordinal))
            {
                blocks.Add(Read(label.ToString(), text[..end]));
                text = text[(end + End.Length)..];
            }
            else
            {
                isCutOff = true;
                text = text[end..];
            }
        }
    }

    // The last line is the first part of a beginning: "-", "-----BEG".
    private static bool EndsInBeginning(ReadOnlySpan<byte> file)
    {
        var line = file[(file.LastIndexOf((byte)'\n') + 1)..];
        return !line.IsEmpty && line.Length < Begin.Length && Encoding.ASCII.GetBytes(Begin).AsSpan().StartsWith(line);
    }

    private static PemBlock Read(string label, ReadOnlySpan<char> body)
    {
        var isOldEncryption = body.Contains("Proc-Type:", StringComparison.Ordinal) && body.Contains("ENCRYPTED", StringComparison.Ordinal);
        var content = new byte[(body.Length / 4 * 3) + 3];
        return !isOldEncryption && Convert.TryFromBase64Chars(body, content, out var length)
            ? new PemBlock(label, content[..length], false)
            : new PemBlock(label, null, isOldEncryption);
    }
}
