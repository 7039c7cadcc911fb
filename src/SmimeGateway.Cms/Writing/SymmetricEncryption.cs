using System.Buffers;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>One content-encryption key, which is used for one content.</summary>
internal abstract class SymmetricEncryption : IDisposable
{
    /// <summary>The DER of the algorithm identifier, with the initialization vector or nonce in it.</summary>
    public abstract ReadOnlyMemory<byte> AlgorithmIdentifier { get; }

    /// <summary>The length of the authentication tag; 0 if the cipher has none.</summary>
    public abstract int TagLength { get; }

    /// <summary>Takes a copy of the key.</summary>
    public static SymmetricEncryption With(ContentAlgorithm algorithm, ReadOnlySpan<byte> key) =>
        algorithm.IsAuthenticated ? new GcmEncryption(algorithm, key) : new CbcEncryption(algorithm, key);

    /// <summary>The length of so much content when it is encrypted.</summary>
    public abstract long EncryptedLength(long contentLength);

    /// <summary>Encrypts the content at the start of memory that is as long as the encrypted content.</summary>
    public abstract void EncryptInPlace(Span<byte> memory, int contentLength, Span<byte> tag);

    /// <summary>
    /// Whether this is what the content becomes; the encrypted octets are the same afterwards if it is, but may change meanwhile.
    /// </summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The padding or tag is wrong.</exception>
    public abstract bool Holds(Span<byte> encrypted, ReadOnlySpan<byte> tag, in ReadOnlySequence<byte> content);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Whether the content begins with these octets; takes them off it if so.</summary>
    protected static bool TakeStart(ref ReadOnlySequence<byte> content, ReadOnlySpan<byte> octets)
    {
        if (content.Length < octets.Length)
        {
            return false;
        }

        var start = content.Slice(0, octets.Length);
        foreach (var piece in start)
        {
            if (!octets.StartsWith(piece.Span))
            {
                return false;
            }

            octets = octets[piece.Length..];
        }

        content = content.Slice(start.End);
        return true;
    }
}
