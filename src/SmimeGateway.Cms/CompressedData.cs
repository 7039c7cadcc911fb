using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Cms;

/// <summary>CompressedData (RFC 3274) with zlib.</summary>
public static class CompressedData
{
    /// <summary>The value of the smime-type parameter.</summary>
    public const string SmimeType = "compressed-data";

    /// <summary>Compresses a content; returns the object in DER.</summary>
    public static byte[] Compress(ReadOnlySequence<byte> content) => throw new NotSupportedException($"{content.Length}");

    /// <summary>Reads an object and decompresses its content; false with a fault if it is not one, or would become longer than allowed.</summary>
    public static bool TryDecompress(
        ReadOnlyMemory<byte> berOrDer,
        int maxOctets,
        [NotNullWhen(true)] out byte[]? content,
        [NotNullWhen(false)] out CmsFault? fault) => throw new NotSupportedException($"{berOrDer.Length}{maxOctets}");
}
