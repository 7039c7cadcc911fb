using System.Buffers.Binary;
using MimeKit.Tnef;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>Unpacks RTF (MS-OXRTFCP) by MimeKit, as far as it may become.</summary>
internal static class RtfPacking
{
    // Two lengths, a mark and a checksum (MS-OXRTFCP section 2.1.3.1).
    private const int HeaderLength = 16;

    // Of 17 octets the first says what the others are: eight times where and how much, up to 17 octets of what was before.
    private const int MostPacked = 9;

    /// <summary>Unpacks a text.</summary>
    /// <param name="compressed">The text.</param>
    /// <param name="left">The octets that may still be made of it; what is made is taken from it.</param>
    /// <param name="cancellationToken">Ends the unpacking.</param>
    /// <exception cref="TnefFormException">It is not what it says, or becomes too long.</exception>
    public static byte[] Unpack(byte[] compressed, ref long left, CancellationToken cancellationToken)
    {
        // The filter takes anything for a text, and makes what it can of one that is cut off or was changed.
        if (compressed.Length < HeaderLength || !(compressed.AsSpan(8).StartsWith("LZFu"u8) || compressed.AsSpan(8).StartsWith("MELA"u8)))
        {
            throw new TnefFormException("its text is not packed as texts are");
        }

        // It also makes room for the difference of the two lengths that the header announces, whatever they are.
        var packed = BinaryPrimitives.ReadInt32LittleEndian(compressed);
        var announced = BinaryPrimitives.ReadInt32LittleEndian(compressed.AsSpan(4));
        if (packed < 0 || packed > compressed.Length - sizeof(int))
        {
            throw new TnefFormException("its text is shorter than announced");
        }

        if (announced < 0 || announced > Math.Min((long)compressed.Length * MostPacked, left))
        {
            throw new TnefFormException("its texts are too long when they are unpacked");
        }

        var filter = new RtfCompressedToRtf();
        using var unpacked = new MemoryStream();
        const int Step = 16 * 1024;
        for (var start = 0; start < compressed.Length; start += Step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = Math.Min(Step, compressed.Length - start);
            var piece = start + length == compressed.Length
                ? filter.Flush(compressed, start, length, out var from, out var count)
                : filter.Filter(compressed, start, length, out from, out count);
            unpacked.Write(piece, from, count);
            left = left >= count ? left - count : throw new TnefFormException("its texts are too long when they are unpacked");
        }

        return unpacked.Length == announced && (filter.IsValidCrc32 || filter.CompressionMode == RtfCompressionMode.Uncompressed)
            ? unpacked.ToArray()
            : throw new TnefFormException("its text is damaged");
    }
}
