using System.Text;

namespace SmimeGateway.Tests.Secrecy;

/// <summary>
/// Looks for a word in octets of any kind: as it is, broken by quoted-printable, and in base64 wherever in it the word begins and
/// wherever lines end.
/// </summary>
internal sealed class PlainSearch
{
    private readonly byte[][] _forms;

    public PlainSearch(string word) => _forms = [Encoding.ASCII.GetBytes(word), .. Enumerable.Range(0, 3).Select(offset => InBase64(word, offset))];

    /// <summary>True when the word is in there in some form.</summary>
    public bool Finds(ReadOnlySpan<byte> octets) => FindsIn(octets) || FindsIn(Without(octets, "=\r\n"u8)) || FindsIn(Without(octets, "\r\n"u8));

    /// <summary>True when the word is in there in some form.</summary>
    public bool Finds(string text) => Finds(Encoding.UTF8.GetBytes(text));

    /// <summary>The files below a folder in which the word is. The lock of the queue cannot be opened, and is always empty.</summary>
    public IReadOnlyList<string> FilesWithIt(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) == "lock" ? new FileInfo(file).Length > 0 : Finds(ReadShared(file))),
    ];

    private bool FindsIn(ReadOnlySpan<byte> octets)
    {
        foreach (var form in _forms)
        {
            if (octets.IndexOf(form) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The characters of base64 that the word alone decides when it begins at this octet of a group of three.</summary>
    private static byte[] InBase64(string word, int offset)
    {
        var encoded = Convert.ToBase64String([.. new byte[offset], .. Encoding.ASCII.GetBytes(word)]);
        int[] begin = [0, 2, 3];
        return Encoding.ASCII.GetBytes(encoded[begin[offset]..((offset + word.Length) * 8 / 6)]);
    }

    private static byte[] Without(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> lineBreak)
    {
        using var rest = new MemoryStream(octets.Length);
        for (var at = octets.IndexOf(lineBreak); at >= 0; at = octets.IndexOf(lineBreak))
        {
            rest.Write(octets[..at]);
            octets = octets[(at + lineBreak.Length)..];
        }

        rest.Write(octets);
        return rest.ToArray();
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var octets = new byte[stream.Length];
        stream.ReadExactly(octets);
        return octets;
    }
}
