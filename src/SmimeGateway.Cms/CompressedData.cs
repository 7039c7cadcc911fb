using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.IO.Compression;
using SmimeGateway.Cms.Reading;

namespace SmimeGateway.Cms;

/// <summary>CompressedData (RFC 3274) with zlib.</summary>
public static class CompressedData
{
    /// <summary>The value of the smime-type parameter.</summary>
    public const string SmimeType = "compressed-data";

    // RFC 1950 section 2.2: the header, one empty block, and the checksum of nothing.
    private static ReadOnlySpan<byte> EmptyStream => [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];

    /// <summary>Compresses a content; returns the object in DER.</summary>
    public static byte[] Compress(ReadOnlySequence<byte> content)
    {
        if (content.IsEmpty)
        {
            // The framework writes no stream at all where nothing was written to it.
            return CompressedFields.Encode(EmptyStream);
        }

        // Deflate stores what it cannot shrink, at five octets for every 16 KB or less (RFC 1951 section 3.2.4), so this is always enough.
        var compressed = GC.AllocateUninitializedArray<byte>(checked((int)(content.Length + (content.Length / 1024) + 1024)));
        using var destination = new MemoryStream(compressed);
        using (var zlib = new ZLibStream(destination, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (var piece in content)
            {
                zlib.Write(piece.Span);
            }
        }

        return CompressedFields.Encode(compressed.AsSpan(0, (int)destination.Position));
    }

    /// <summary>Reads an object and decompresses its content; false with a fault if it is not one, or would become longer than allowed.</summary>
    public static bool TryDecompress(
        ReadOnlyMemory<byte> berOrDer,
        int maxOctets,
        [NotNullWhen(true)] out byte[]? content,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        content = null;
        fault = null;
        try
        {
            content = Inflation.Inflate(CompressedFields.Read(berOrDer), maxOctets);
            return true;
        }
        catch (AsnContentException)
        {
            fault = new CmsFault(CmsFaultKind.Malformed, "The bytes are not a well-formed CompressedData.");
        }
        catch (CmsFaultException exception)
        {
            fault = exception.Fault;
        }

        return false;
    }
}
