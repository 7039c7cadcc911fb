using System.Text;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Fields;

/// <summary>The parameters of a structured field, as written and, on demand, joined and decoded (RFC 2231).</summary>
internal sealed class ParameterList(IReadOnlyList<KeyValuePair<string, string>> written)
{
    // More pieces than any real value has; it keeps the search for them from growing with the square of the header.
    private const int MaxPieces = 1_000;

    private IReadOnlyList<KeyValuePair<string, string>>? _decoded;

    public static ParameterList Empty { get; } = new([]);

    /// <summary>Names in lower case and decoded values, each name once, in the order of first appearance.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Decoded => _decoded ??= Decode();

    /// <summary>Names and values in their order, as they are written.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Written => written;

    /// <summary>How often the parameter is written, whole or in pieces, encoded or not; programs choose differently between two forms.</summary>
    public int CountOf(string name) => written.Count(parameter =>
        parameter.Key.AsSpan().StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (parameter.Key.Length == name.Length || parameter.Key[name.Length] == '*'));

    public string? Find(string name)
    {
        foreach (var (key, value) in Decoded)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    private List<KeyValuePair<string, string>> Decode()
    {
        var decoded = new List<KeyValuePair<string, string>>(written.Count);
        var pieces = new Dictionary<string, SortedDictionary<int, ParameterPiece>>(StringComparer.Ordinal);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (writtenName, value) in written)
        {
            var piece = ParameterPiece.Read(writtenName.ToLowerInvariant(), value);
            if (piece.Index is { } index)
            {
                if (!pieces.TryGetValue(piece.Name, out var ofName))
                {
                    pieces.Add(piece.Name, ofName = []);
                }

                if (ofName.Count < MaxPieces)
                {
                    ofName.TryAdd(index, piece);
                }
            }
            else if (seen.TryAdd(piece.Name, decoded.Count))
            {
                decoded.Add(new(piece.Name, piece.IsEncoded ? DecodeSingle(piece.Value) : EncodedWords.Decode(piece.Value)));
            }
            else if (piece.IsEncoded)
            {
                // A sender that writes both forms means the encoded one for those who can read it (RFC 5987 section 3.2.1 says so).
                decoded[seen[piece.Name]] = new(piece.Name, DecodeSingle(piece.Value));
            }
        }

        foreach (var (name, ofName) in pieces)
        {
            if (seen.TryAdd(name, decoded.Count))
            {
                decoded.Add(new(name, Join(ofName.Values)));
            }
            else
            {
                decoded[seen[name]] = new(name, Join(ofName.Values));
            }
        }

        return decoded;
    }

    private static string DecodeSingle(string value)
    {
        var charset = TakeCharset(ref value);
        return Charsets.Decode(charset, DecodePercent(value));
    }

    private static string Join(IEnumerable<ParameterPiece> pieces)
    {
        var charset = string.Empty;
        var bytes = new List<byte>();
        foreach (var piece in pieces)
        {
            var value = piece.Value;
            if (piece.Index == 0 && piece.IsEncoded)
            {
                charset = TakeCharset(ref value);
            }

            // Pieces may cut a character in two, so decoding waits for all octets.
            bytes.AddRange(piece.IsEncoded ? DecodePercent(value) : Encoding.UTF8.GetBytes(value));
        }

        return Charsets.Decode(charset, [.. bytes]);
    }

    private static string TakeCharset(ref string value)
    {
        var first = value.IndexOf('\'', StringComparison.Ordinal);
        var second = first < 0 ? -1 : value.IndexOf('\'', first + 1);
        if (second < 0)
        {
            return string.Empty;
        }

        var charset = value[..first];
        value = value[(second + 1)..];
        return charset;
    }

    private static byte[] DecodePercent(string value)
    {
        var octets = Encoding.UTF8.GetBytes(value);
        var written = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '%' && i + 2 < octets.Length && QuotedPrintable.TryReadHex(octets[i + 1], octets[i + 2], out var octet))
            {
                octets[written++] = octet;
                i += 2;
            }
            else
            {
                octets[written++] = octets[i];
            }
        }

        return octets[..written];
    }
}
