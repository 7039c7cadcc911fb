using System.Buffers.Binary;
using System.Numerics;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>CRC-32C (RFC 3720 appendix B.4) by the processor's instruction: finds every flipped bit and every burst up to 32 bits.</summary>
internal static class Crc32C
{
    /// <summary>What <see cref="Continue"/> begins with.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>The checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => End(Continue(Start, bytes));

    /// <summary>The checksum of all bytes that were counted in.</summary>
    public static uint End(uint state) => ~state;

    /// <summary>Counts further bytes in.</summary>
    public static uint Continue(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var rest in bytes)
        {
            state = BitOperations.Crc32C(state, rest);
        }

        return state;
    }
}
