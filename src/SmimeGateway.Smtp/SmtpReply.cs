using System.Globalization;
using System.Text;

namespace SmimeGateway.Smtp;

/// <summary>A reply of RFC 5321 section 4.2, with the enhanced status code of RFC 2034 where it has one.</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Status">The enhanced status code; null in the greeting, in replies to EHLO and HELO, and in 3xx replies.</param>
/// <param name="Lines">The text, a line each. Characters that must not reach the wire are replaced when the reply is encoded.</param>
public sealed record SmtpReply(int Code, EnhancedStatus? Status, IReadOnlyList<string> Lines)
{
    // RFC 5321 section 4.5.3.1.5, the CR LF included.
    private const int MaxLineOctets = 512;

    private byte[]? _encoded;

    /// <summary>True for 2xx and 3xx.</summary>
    public bool IsPositive => Code < 400;

    /// <summary>A reply of one line.</summary>
    public static SmtpReply OneLine(int code, EnhancedStatus? status, string text) => new(code, status, [text]);

    /// <summary>
    /// The bytes for the wire. Every line carries the code and the enhanced status, ends with CR LF, holds no control character,
    /// and stays within 512 octets: a longer text goes on in a further line of the same reply.
    /// </summary>
    public ReadOnlyMemory<byte> Encode() => _encoded ??= EncodeLines();

    /// <inheritdoc/>
    public bool Equals(SmtpReply? other) =>
        other is not null && Code == other.Code && Status == other.Status && Lines.SequenceEqual(other.Lines);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Status, Lines.Count);

    /// <summary>The reply as a log shows it: on one line.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture, $"{Code} {(Status is { } status ? $"{status} " : string.Empty)}{Printable(string.Join(" / ", Lines))}");

    private byte[] EncodeLines()
    {
        var status = Status is { } enhanced ? $"{enhanced} " : string.Empty;
        var room = MaxLineOctets - "250-".Length - status.Length - "\r\n".Length;
        var pieces = new List<string>(Lines.Count);
        foreach (var line in Lines)
        {
            Divide(Printable(line), room, pieces);
        }

        var wire = new StringBuilder();
        for (var i = 0; i < pieces.Count; i++)
        {
            var separator = i == pieces.Count - 1 ? ' ' : '-';
            wire.Append(CultureInfo.InvariantCulture, $"{Code}{separator}{status}{pieces[i]}\r\n");
        }

        return Encoding.UTF8.GetBytes(wire.ToString());
    }

    private static void Divide(string line, int room, List<string> pieces)
    {
        var start = 0;
        var octets = 0;
        var at = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            while (octets + rune.Utf8SequenceLength > room)
            {
                // At a blank where there is one, so that a word, such as a queue id, stays whole. What is behind it may still be too long with this one.
                var blank = line.LastIndexOf(' ', at - 1, at - start);
                pieces.Add(line[start..(blank > start ? blank : at)]);
                start = blank > start ? blank + 1 : at;
                octets = Encoding.UTF8.GetByteCount(line.AsSpan(start..at));
            }

            octets += rune.Utf8SequenceLength;
            at += rune.Utf16SequenceLength;
        }

        pieces.Add(line[start..]);
    }

    private static string Printable(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\x1F') || text.AsSpan().ContainsAnyInRange('\x7F', '\x9F')
            ? string.Concat(text.Select(character => char.IsControl(character) ? '?' : character))
            : text;
}
