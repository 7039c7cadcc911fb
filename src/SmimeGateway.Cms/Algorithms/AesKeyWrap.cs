using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>
/// The AES key wrap of RFC 3394, which CMS asks for (RFC 3565 section 2.3.2). The framework has only the padded one of RFC 5649, whose
/// result is another, so that this arranges single blocks of the framework's AES.
/// </summary>
internal static class AesKeyWrap
{
    /// <summary>How much longer a key becomes.</summary>
    public const int Overhead = HalfBlock;

    private const int HalfBlock = 8;
    private const int Block = 2 * HalfBlock;
    private const int Rounds = 6;
    private const ulong InitialValue = 0xA6A6A6A6A6A6A6A6;

    // Keys of ciphers have at most 32 octets; who wraps more than twice that much means something else.
    private const int MaxWrapped = 64 + Overhead;

    /// <summary>Wraps a key (RFC 3394 section 2.2.1, by the indexing method).</summary>
    /// <param name="keyEncryptionKey">16, 24 or 32 octets.</param>
    /// <param name="key">A multiple of 8 octets, at least 16.</param>
    /// <param name="destination">Exactly <see cref="Overhead"/> longer than the key.</param>
    public static void Wrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        using var aes = Aes.Create();
        aes.SetKey(keyEncryptionKey);
#pragma warning disable CA5358 // Single blocks are what the key wrap is made of.
        aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        aes.Padding = PaddingMode.None;
        using var encryptor = aes.CreateEncryptor();
        var registers = destination[HalfBlock..];
        key.CopyTo(registers);
        var block = new byte[Block];
        BinaryPrimitives.WriteUInt64BigEndian(block, InitialValue);
        var step = 0UL;
        for (var round = 0; round < Rounds; round++)
        {
            for (var at = 0; at < registers.Length; at += HalfBlock)
            {
                registers.Slice(at, HalfBlock).CopyTo(block.AsSpan(HalfBlock));
                encryptor.TransformBlock(block, 0, Block, block, 0);
                block.AsSpan(HalfBlock).CopyTo(registers[at..]);
                BinaryPrimitives.WriteUInt64BigEndian(block, BinaryPrimitives.ReadUInt64BigEndian(block) ^ ++step);
            }
        }

        block.AsSpan(0, HalfBlock).CopyTo(destination);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>The key inside, or null if it was wrapped by another key, altered, or is none (RFC 3394 section 2.2.2).</summary>
    /// <param name="keyEncryptionKey">16, 24 or 32 octets.</param>
    /// <param name="wrapped">What somebody says is a wrapped key.</param>
    public static byte[]? TryUnwrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length % HalfBlock != 0 || wrapped.Length is < Block + Overhead or > MaxWrapped)
        {
            return null;
        }

        var registers = wrapped[Overhead..].ToArray();
        Span<byte> block = stackalloc byte[Block];
        wrapped[..HalfBlock].CopyTo(block);
        using var aes = Aes.Create();
        aes.SetKey(keyEncryptionKey);
        var count = registers.Length / HalfBlock;
        for (var step = Rounds * count; step > 0; step--)
        {
            var register = registers.AsSpan((step - 1) % count * HalfBlock, HalfBlock);
            BinaryPrimitives.WriteUInt64BigEndian(block, BinaryPrimitives.ReadUInt64BigEndian(block) ^ (ulong)step);
            register.CopyTo(block[HalfBlock..]);
            aes.DecryptEcb(block, block, PaddingMode.None);
            block[HalfBlock..].CopyTo(register);
        }

        return BinaryPrimitives.ReadUInt64BigEndian(block) == InitialValue ? registers : null;
    }
}
