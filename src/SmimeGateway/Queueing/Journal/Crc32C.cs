using System.Buffers.Binary;
using System.Numerics;

namespace SmimeGateway.Queueing.Journal;

/// <summary>CRC-32C (RFC 3720 appendix B.4) by the processor's instruction: finds every flipped bit and every burst up to 32 bits.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var rest in bytes)
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}
