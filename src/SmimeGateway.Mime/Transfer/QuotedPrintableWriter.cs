using System.Buffers;

namespace SmimeGateway.Mime.Transfer;

/// <summary>
/// Writes quoted-printable into a buffer that is long enough, or only counts what it would write when the buffer is empty: one code
/// decides both, so that the count is exact.
/// </summary>
internal ref struct QuotedPrintableWriter(Span<byte> destination, int maxLineLength)
{
    // What may stand for itself anywhere in a line; blanks, "=", controls and 8-bit octets may not, or not everywhere.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~ \t"u8);

    private readonly Span<byte> _destination = destination;
    private int _column;

    /// <summary>The octets written, or counted, so far.</summary>
    public long Length { get; private set; }

    /// <summary>Writes the octets; a text that ends without a line end ends without one after decoding too.</summary>
    public void Write(ReadOnlySpan<byte> octets)
    {
        while (true)
        {
            var end = octets.IndexOf("\r\n"u8);
            if (end < 0)
            {
                WriteLine(octets);
                return;
            }

            WriteLine(octets[..end]);
            Put("\r\n"u8);
            _column = 0;
            octets = octets[(end + 2)..];
        }
    }

    /// <summary>Writes what is encoded already; false where that is damaged.</summary>
    public bool TryRepair(ReadOnlySpan<byte> encoded)
    {
        while (!encoded.IsEmpty)
        {
            var end = encoded.IndexOf("\r\n"u8);
            var line = end < 0 ? encoded : encoded[..end];
            var isSoft = line.EndsWith((byte)'=');
            if (line.ContainsAny((byte)'\r', (byte)'\n', (byte)0)
                || line.EndsWith((byte)' ') || line.EndsWith((byte)'\t')
                || !TryRepairLine(isSoft ? line[..^1] : line, isSoft))
            {
                return false;
            }

            Put(isSoft ? "="u8 : default);
            Put(end < 0 ? default : "\r\n"u8);
            _column = 0;
            encoded = end < 0 ? default : encoded[(end + 2)..];
        }

        return true;
    }

    private bool TryRepairLine(ReadOnlySpan<byte> line, bool isSoft)
    {
        while (!line.IsEmpty)
        {
            var run = line.IndexOfAnyExcept(Plain);
            var plain = run < 0 ? line : line[..run];
            line = line[plain.Length..];
            WritePlain(plain, lineGoesOn: isSoft || !line.IsEmpty);
            if (line.IsEmpty)
            {
                return true;
            }

            var octet = line[0];
            var isEscape = octet == '=';
            if (isEscape && (line.Length < 3 || !QuotedPrintable.TryReadHex(line[1], line[2], out octet)))
            {
                return false;
            }

            line = line[(isEscape ? 3 : 1)..];
            WriteEscape(octet, lineGoesOn: isSoft || !line.IsEmpty);
        }

        return true;
    }

    private void WriteLine(ReadOnlySpan<byte> line)
    {
        while (!line.IsEmpty)
        {
            var run = line.IndexOfAnyExcept(Plain);
            var plain = run < 0 ? line : line[..run];
            line = line[plain.Length..];
            // A blank may not end a line, whether the text's or the data's; so the last one of the line is escaped.
            var endsInBlank = line.IsEmpty && plain.Length > 0 && plain[^1] is (byte)' ' or (byte)'\t';
            WritePlain(endsInBlank ? plain[..^1] : plain, lineGoesOn: endsInBlank || !line.IsEmpty);
            if (endsInBlank)
            {
                WriteEscape(plain[^1], lineGoesOn: false);
            }

            if (!line.IsEmpty)
            {
                WriteEscape(line[0], lineGoesOn: line.Length > 1);
                line = line[1..];
            }
        }
    }

    private void WritePlain(ReadOnlySpan<byte> plain, bool lineGoesOn)
    {
        while (!plain.IsEmpty)
        {
            if (_column == 0 && NeedsEscapeAtLineStart(plain))
            {
                WriteEscape(plain[0], lineGoesOn: lineGoesOn || plain.Length > 1);
                plain = plain[1..];
                continue;
            }

            // The last column is kept for the soft line break, unless the line ends here.
            var room = maxLineLength - _column;
            var fits = plain.Length < room || (plain.Length == room && !lineGoesOn);
            var taken = fits ? plain.Length : room - 1;
            Put(plain[..taken]);
            _column += taken;
            plain = plain[taken..];
            if (!fits)
            {
                BreakSoftly();
            }
        }
    }

    private void WriteEscape(byte octet, bool lineGoesOn)
    {
        if (_column + 3 > (lineGoesOn ? maxLineLength - 1 : maxLineLength))
        {
            BreakSoftly();
        }

        Put([(byte)'=', Hex(octet >> 4), Hex(octet & 15)]);
        _column += 3;
    }

    private void BreakSoftly()
    {
        Put("=\r\n"u8);
        _column = 0;
    }

    private void Put(scoped ReadOnlySpan<byte> octets)
    {
        if (!_destination.IsEmpty)
        {
            octets.CopyTo(_destination[(int)Length..]);
        }

        Length += octets.Length;
    }

    // mbox writers change "From ", careless relays dots; a line that starts with "--" could become a delimiter it was not before.
    private static bool NeedsEscapeAtLineStart(ReadOnlySpan<byte> text) =>
        text[0] == '.' || text.StartsWith("From "u8) || text.StartsWith("--"u8);

    private static byte Hex(int digit) => "0123456789ABCDEF"u8[digit];
}
