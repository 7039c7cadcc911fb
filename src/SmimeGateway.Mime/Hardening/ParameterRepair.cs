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

    /// <summary>The field, with another boundary where one is given.</summary>
    public static byte[] Write(HeaderField field, string? newBoundary) =>
        Write(field, parameter => parameter.Key == "boundary" && newBoundary is not null ? newBoundary : parameter.Value, string.Empty);

    /// <summary>The field with a parameter set to a value that needs no encoding, or without it.</summary>
    public static byte[] Write(HeaderField field, string name, string? value) =>
        Write(field, parameter => parameter.Key == name ? null : parameter.Value, value is null ? string.Empty : $";\r\n {name}={value}");

    private static byte[] Write(HeaderField field, Func<KeyValuePair<string, string>, string?> valueOf, string added)
    {
        var reader = new ParameterReader(field.Body);
        var value = Printable(reader.ReadToken());
        if (reader.TrySkip('/'))
        {
            value += "/" + Printable(reader.ReadToken());
        }

        if (value.Length == 0)
        {
            return FoldedField.Write(field.Name + ":", WordRepair.Encode(field.Body));
        }

        var written = new StringBuilder(field.Name).Append(": ").Append(value);
        foreach (var parameter in reader.ReadParameters().Decoded)
        {
            if (parameter.Key.Length <= MaxNameLength
                && !parameter.Key.AsSpan().ContainsAnyExcept(TokenCharacters)
                && valueOf(parameter) is { } kept)
            {
                Append(written, parameter.Key, kept);
            }
        }

        return Encoding.ASCII.GetBytes(written.Append(added).Append("\r\n").ToString());
    }

    private static string Printable(string token)
    {
        var kept = token.Length > MaxNameLength ? token[..MaxNameLength] : token;
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
