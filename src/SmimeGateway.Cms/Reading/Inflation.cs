using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace SmimeGateway.Cms.Reading;

/// <summary>
/// Inflates zlib (RFC 1950) in two passes: the first finds the length without keeping anything, so that a bomb costs no memory and a good
/// content none but its own.
/// </summary>
internal static class Inflation
{
    private const int PieceLength = 65_536;
    private const int ChecksumLength = 4;
    private const uint ChecksumModulus = 65_521;

    // The most octets of 255 that can be summed up before the sums exceed 32 bits (RFC 1950 section 9).
    private const int ChecksumRun = 5_552;

    /// <summary>The inflated octets.</summary>
    /// <exception cref="CmsFaultException">They would be more than allowed, or the stream is damaged or cut off.</exception>
    public static byte[] Inflate(ReadOnlyMemory<byte> zlib, int maxOctets)
    {
        try
        {
            var content = GC.AllocateUninitializedArray<byte>(Measure(zlib, maxOctets));
            using var stream = Open(zlib);
            stream.ReadExactly(content);

            // The framework takes a stream that is cut off for one that has ended, and then has not seen the checksum at its end.
            return zlib.Length > ChecksumLength && BinaryPrimitives.ReadUInt32BigEndian(zlib.Span[^ChecksumLength..]) == Checksum(content)
                ? content
                : throw Damaged();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            // The second is what the framework says to a stream that needs a dictionary (RFC 1950 section 2.2), which nobody has.
            throw Damaged();
        }
    }

    private static int Measure(ReadOnlyMemory<byte> zlib, int maxOctets)
    {
        using var stream = Open(zlib);
        var piece = new byte[PieceLength];
        long length = 0;
        while (stream.Read(piece) is > 0 and var read)
        {
            length += read;
            if (length > maxOctets)
            {
                throw new CmsFaultException(CmsFaultKind.LimitExceeded, $"The content would become longer than {maxOctets} bytes.");
            }
        }

        return (int)length;
    }

    private static ZLibStream Open(ReadOnlyMemory<byte> zlib) =>
        MemoryMarshal.TryGetArray(zlib, out var array)
            ? new ZLibStream(new MemoryStream(array.Array!, array.Offset, array.Count, writable: false), CompressionMode.Decompress)
            : new ZLibStream(new MemoryStream(zlib.ToArray(), writable: false), CompressionMode.Decompress);

    // Adler-32 of RFC 1950 section 8.2.
    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        var (low, high) = (1u, 0u);
        while (!content.IsEmpty)
        {
            var run = content[..Math.Min(content.Length, ChecksumRun)];
            foreach (var octet in run)
            {
                low += octet;
                high += low;
            }

            low %= ChecksumModulus;
            high %= ChecksumModulus;
            content = content[run.Length..];
        }

        return (high << 16) | low;
    }

    private static CmsFaultException Damaged() => new(CmsFaultKind.DecompressionFailed, "The compressed content is damaged or cut off.");
}
