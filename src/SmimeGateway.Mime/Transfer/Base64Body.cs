using System.Buffers;
using System.Buffers.Text;

namespace SmimeGateway.Mime.Transfer;

/// <summary>The base64 transfer encoding (RFC 2045 section 6.8), both ways.</summary>
internal static class Base64Body
{
    /// <summary>The longest line base64 may have.</summary>
    public const int MaxLineLength = 76;

    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    private static readonly SearchValues<byte> Significant =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    private static ReadOnlySpan<byte> Padding => "=="u8;

    /// <summary>
    /// Decodes what can be decoded: octets outside the alphabet are ignored, as the RFC says, padding ends the data (what follows it was
    /// put there by someone else, mostly a mailing list), and missing padding is forgiven.
    /// </summary>
    public static byte[] Decode(ReadOnlySpan<byte> encoded)
    {
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        if (Base64.DecodeFromUtf8(encoded, decoded, out _, out var length) == OperationStatus.Done)
        {
            return Shortened(decoded, length);
        }

        var clean = new byte[CleanLength(encoded)];
        CopyClean(encoded, clean);
        // Always done: the buffer holds whole quanta of the alphabet alone; spare bits of the last octet are masked away below.
        ClearSpareBits(clean);
        decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(clean.Length)];
        Base64.DecodeFromUtf8(clean, decoded, out _, out length);
        return Shortened(decoded, length);
    }

    /// <summary>The octets that so many octets of data become, line ends included.</summary>
    public static long EncodedLength(long octets, int lineLength)
    {
        var characters = (octets + 2) / 3 * 4;
        return characters + (characters + lineLength - 1) / lineLength * 2;
    }

    /// <summary>Writes the data as lines of base64, each ended by CR LF; returns the octets written.</summary>
    public static int WriteLines(ReadOnlySpan<byte> octets, Span<byte> destination, int lineLength)
    {
        var written = 0;
        var perLine = lineLength / 4 * 3;
        while (!octets.IsEmpty)
        {
            var line = octets[..Math.Min(perLine, octets.Length)];
            written += WriteLine(line, destination[written..]);
            octets = octets[line.Length..];
        }

        return written;
    }

    /// <summary>Writes pieces of data as if they were one.</summary>
    public static int WriteLines(ReadOnlySequence<byte> octets, Span<byte> destination, int lineLength)
    {
        var written = 0;
        var perLine = lineLength / 4 * 3;
        Span<byte> carried = stackalloc byte[perLine];
        var carriedLength = 0;
        foreach (var memory in octets)
        {
            var segment = memory.Span;
            if (carriedLength > 0)
            {
                // A line that began in one segment ends in another.
                var taken = Math.Min(perLine - carriedLength, segment.Length);
                segment[..taken].CopyTo(carried[carriedLength..]);
                carriedLength += taken;
                segment = segment[taken..];
                if (carriedLength < perLine)
                {
                    continue;
                }

                written += WriteLine(carried, destination[written..]);
                carriedLength = 0;
            }

            while (segment.Length >= perLine)
            {
                written += WriteLine(segment[..perLine], destination[written..]);
                segment = segment[perLine..];
            }

            segment.CopyTo(carried);
            carriedLength = segment.Length;
        }

        return carriedLength == 0 ? written : written + WriteLine(carried[..carriedLength], destination[written..]);
    }

    /// <summary>
    /// Writes lines of base64 over the buffer whose last octets are the data; the buffer has exactly the length of the result. Returns
    /// the octets written.
    /// </summary>
    public static int SpreadLines(Span<byte> buffer, int octets, int lineLength)
    {
        // Each line of d octets becomes c characters and a line end, g = c + 2 - d octets more. Behind k whole lines k·(d + g) octets
        // are written, and the next one is read from k·d on, counted from where the data begin. These begin at g times the number of
        // whole lines plus what a last, shorter line grows by, hence at k·g or later: a line never reaches into the next one. It does
        // reach into itself, and is therefore taken out first.
        var perLine = lineLength / 4 * 3;
        Span<byte> line = stackalloc byte[perLine];
        var data = buffer[^octets..];
        var written = 0;
        while (!data.IsEmpty)
        {
            var length = Math.Min(perLine, data.Length);
            data[..length].CopyTo(line);
            written += WriteLine(line[..length], buffer[written..]);
            data = data[length..];
        }

        return written;
    }

    /// <summary>
    /// Lays base64 out anew in clean lines of 76: all characters that mean something, padding and what stands behind it included, in their
    /// order, since some readers stop at the padding and others go on. False where the data before it are no whole base64: then some
    /// readers decode what they can, and others show it undecoded.
    /// </summary>
    public static bool TryRewrap(ReadOnlySpan<byte> encoded, out byte[] rewrapped)
    {
        var total = 0;
        var data = -1;
        var isDoubled = false;
        foreach (var octet in encoded)
        {
            if (Significant.Contains(octet))
            {
                isDoubled |= octet == '=' && total == data + 1 && data >= 0;
                data = octet == '=' && data < 0 ? total : data;
                total++;
            }
        }

        rewrapped = new byte[total + (total + MaxLineLength - 1) / MaxLineLength * 2];
        var written = 0;
        var count = total;
        foreach (var octet in encoded)
        {
            if (!Significant.Contains(octet))
            {
                continue;
            }

            rewrapped[written++] = octet;
            count--;
            if (count == 0 || written % (MaxLineLength + 2) == MaxLineLength)
            {
                rewrapped[written++] = (byte)'\r';
                rewrapped[written++] = (byte)'\n';
            }
        }

        // Padding that is missing altogether stays missing: some forgive it, and others lose the last octets.
        return data < 0 ? total % 4 != 1 : (data % 4) switch { 2 => isDoubled, 3 => true, _ => false };
    }

    private static int WriteLine(ReadOnlySpan<byte> octets, Span<byte> destination)
    {
        Base64.EncodeToUtf8(octets, destination, out _, out var length);
        destination[length] = (byte)'\r';
        destination[length + 1] = (byte)'\n';
        return length + 2;
    }

    private static int CleanLength(ReadOnlySpan<byte> encoded)
    {
        var count = 0;
        foreach (var run in new AlphabetRuns(encoded))
        {
            count += run.Length;
        }

        return WholeQuanta(count) + PaddingLength(count);
    }

    private static void CopyClean(ReadOnlySpan<byte> encoded, Span<byte> destination)
    {
        var count = 0;
        foreach (var run in new AlphabetRuns(encoded))
        {
            var taken = Math.Min(run.Length, destination.Length - count);
            run[..taken].CopyTo(destination[count..]);
            count += taken;
        }

        var padding = destination.Length - count;
        Padding[..padding].CopyTo(destination[count..]);
    }

    // A single character left over carries six bits: no octet can be made of it, and every decoder drops it.
    private static int WholeQuanta(int characters) => characters % 4 == 1 ? characters - 1 : characters;

    private static int PaddingLength(int characters) => (characters % 4) switch { 2 => 2, 3 => 1, _ => 0 };

    private static void ClearSpareBits(Span<byte> clean)
    {
        if (clean.Length < 4 || clean[^1] != '=')
        {
            return;
        }

        ref var last = ref clean[clean[^2] == '=' ? ^3 : ^2];
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
        var bits = alphabet.IndexOf(last);
        last = alphabet[bits & (clean[^2] == '=' ? 0b110000 : 0b111100)];
    }

    private static byte[] Shortened(byte[] bytes, int length) => length == bytes.Length ? bytes : bytes[..length];

    /// <summary>The runs of base64 characters up to the padding.</summary>
    private ref struct AlphabetRuns(ReadOnlySpan<byte> encoded)
    {
        private ReadOnlySpan<byte> _rest = encoded;

        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly AlphabetRuns GetEnumerator() => this;

        public bool MoveNext()
        {
            var start = _rest.IndexOfAny(Alphabet);
            // Padding that comes before any character is noise; after the first it ends the data.
            if (start < 0 || (!Current.IsEmpty && _rest[..start].Contains((byte)'=')))
            {
                return false;
            }

            _rest = _rest[start..];
            var length = _rest.IndexOfAnyExcept(Alphabet);
            Current = length < 0 ? _rest : _rest[..length];
            _rest = _rest[Current.Length..];
            return true;
        }
    }
}
