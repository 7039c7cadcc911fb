using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>AES in CBC mode with the padding of RFC 5652 section 6.3.</summary>
internal sealed class CbcEncryption : SymmetricEncryption
{
    private const int BlockLength = 16;
    private const int ChunkLength = 32 * 1024;

    private readonly Aes _aes = Aes.Create();
    private readonly byte[] _vector = RandomNumberGenerator.GetBytes(BlockLength);

    public CbcEncryption(ContentAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        _aes.SetKey(key);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            // RFC 3565 section 4.1.
            writer.WriteObjectIdentifier(algorithm.Oid);
            writer.WriteOctetString(_vector);
        }

        AlgorithmIdentifier = writer.Encode();
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> AlgorithmIdentifier { get; }

    /// <inheritdoc/>
    public override int TagLength => 0;

    /// <inheritdoc/>
    public override long EncryptedLength(long contentLength) => ((contentLength / BlockLength) + 1) * BlockLength;

    /// <inheritdoc/>
    public override void EncryptInPlace(Span<byte> memory, int contentLength, Span<byte> tag) =>
        _aes.EncryptCbc(memory[..contentLength], _vector, memory);

    /// <inheritdoc/>
    public override bool Holds(Span<byte> encrypted, ReadOnlySpan<byte> tag, in ReadOnlySequence<byte> content)
    {
        // Decrypting in place as GCM does would need a second encryption, which is the slow direction of CBC.
        var chunk = ArrayPool<byte>.Shared.Rent(Math.Min(encrypted.Length, ChunkLength));
        try
        {
            return Holds(encrypted, content, chunk);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(chunk);
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _aes.Dispose();

    private bool Holds(ReadOnlySpan<byte> encrypted, ReadOnlySequence<byte> content, byte[] chunk)
    {
        ReadOnlySpan<byte> vector = _vector;
        while (encrypted.Length > ChunkLength)
        {
            var length = _aes.DecryptCbc(encrypted[..ChunkLength], vector, chunk, PaddingMode.None);
            if (!TakeStart(ref content, chunk.AsSpan(0, length)))
            {
                return false;
            }

            vector = encrypted[(ChunkLength - BlockLength)..ChunkLength];
            encrypted = encrypted[ChunkLength..];
        }

        var rest = _aes.DecryptCbc(encrypted, vector, chunk);
        return content.Length == rest && TakeStart(ref content, chunk.AsSpan(0, rest));
    }
}
