using System.Buffers;
using System.Globalization;
using System.Text;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes a field of a value and parameters anew, with RFC 2231 for parameters that are long or not ASCII.</summary>
internal static class ParameterRepair
{
    // A piece of a continued parameter, so that its line stays well below 76 columns.
    private const int MaxPieceLength = 50;

    // More than any program names a parameter; longer names are rubbish that no reader misses.
    private const int MaxNameLength = 60;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$&+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>
    /// The field with each parameter on a line of its own, and encoded where it is long or not ASCII; null where programs read the field
    /// differently, or would from then on.
    /// </summary>
    public static byte[]? TryWrite(HeaderField field)
    {
        var value = field.Body.Split(';', 2)[0].TrimEnd(' ', '\t');
        var reader = new ParameterReader(field.Body);
        var parameters = ReadAll(ref reader, out var read);
        if (!reader.IsClean || read != value || Printable(value) != value)
        {
            return null;
        }

        var written = new StringBuilder(field.Name).Append(": ").Append(value);
        foreach (var (name, text) in parameters.Written)
        {
            if (name.Length > MaxNameLength || name.AsSpan().ContainsAnyExcept(TokenCharacters) || !TryAppend(written, name, text, parameters))
            {
                return null;
            }
        }

        var repaired = Encoding.ASCII.GetBytes(written.Append("\r\n").ToString());
        var reread = new ParameterReader(new HeaderField(repaired).Body);
        // What is written in pieces comes last wherever it stands.
        return ReadAll(ref reread, out _).Decoded.ToHashSet().SetEquals(parameters.Decoded) ? repaired : null;
    }

    /// <summary>The field with what could be read of it, without one parameter.</summary>
    public static byte[] WriteWithout(HeaderField field, string name)
    {
        var reader = new ParameterReader(field.Body);
        var parameters = ReadAll(ref reader, out var type);
        var written = new StringBuilder(field.Name).Append(": ").Append(Printable(type));
        foreach (var (key, kept) in parameters.Decoded)
        {
            if (key != name && key.Length <= MaxNameLength && !key.AsSpan().ContainsAnyExcept(TokenCharacters))
            {
                Append(written, key, kept);
            }
        }

        return Encoding.ASCII.GetBytes(written.Append("\r\n").ToString());
    }

    private static ParameterList ReadAll(ref ParameterReader reader, out string value)
    {
        value = reader.ReadToken();
        if (reader.TrySkip('/'))
        {
            value += "/" + reader.ReadToken();
        }

        return reader.ReadParameters();
    }

    // What is ASCII stays as it is written, encoded words included: not everybody decodes them here.
    private static bool TryAppend(StringBuilder written, string name, string value, ParameterList parameters)
    {
        if (value.Length <= DelimiterWriter.MaxBoundaryLength && !value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            var isExtended = name.Contains('*', StringComparison.Ordinal);
            written.Append(";\r\n ").Append(name).Append('=').Append(isExtended ? value : TokenOrQuoted(value));
            return !isExtended || !value.AsSpan().ContainsAny(" ;\"");
        }

        Append(written, name, value);
        return parameters.CountOf(name) == 1 && !name.Equals("boundary", StringComparison.OrdinalIgnoreCase)
            && !value.Contains("=?", StringComparison.Ordinal);
    }

    private static string Printable(string token)
    {
        var kept = token.Length > 2 * MaxNameLength ? token[..(2 * MaxNameLength)] : token;
        // Leaving a character out could make a known type of an unknown one.
        return string.Concat(kept.Select(character => character is > ' ' and <= '~' ? character : '_'));
    }

    private static void Append(StringBuilder written, string name, string value)
    {
        var isAscii = !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
        // A boundary is found by programs that know nothing of RFC 2231, so it is never taken apart.
        if (isAscii && value.Length <= (name == "boundary" ? DelimiterWriter.MaxBoundaryLength : MaxPieceLength))
        {
            written.Append(";\r\n ").Append(name).Append('=').Append(TokenOrQuoted(value));
            return;
        }

        var pieces = EncodePieces(value);
        for (var i = 0; i < pieces.Count; i++)
        {
            written.Append(";\r\n ").Append(name);
            if (pieces.Count > 1)
            {
                written.Append(CultureInfo.InvariantCulture, $"*{i}");
            }

            written.Append("*=").Append(i == 0 ? "utf-8''" : "").Append(pieces[i]);
        }
    }

    private static List<string> EncodePieces(string value)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            if (piece.Length + 3 > MaxPieceLength)
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }

            if (TokenCharacters.Contains((char)octet))
            {
                piece.Append((char)octet);
            }
            else
            {
                piece.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        pieces.Add(piece.ToString());
        return pieces;
    }

    private static string TokenOrQuoted(string value) => value.Length > 0 && !value.AsSpan().ContainsAnyExcept(TokenCharacters)
        ? value
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
