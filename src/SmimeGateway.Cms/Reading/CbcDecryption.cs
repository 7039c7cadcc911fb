using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Reading;

/// <summary>
/// Cipher block chaining with the padding of RFC 5652 section 6.3. The last block is decrypted first: it tells the length of the content, so
/// that no memory but the content's is needed, and a wrong key costs two blocks.
/// </summary>
internal sealed class CbcDecryption(Func<SymmetricAlgorithm> create, int keyLength, byte[] vector) : ContentDecryption
{
    /// <inheritdoc/>
    public override int KeyLength => keyLength;

    /// <inheritdoc/>
    public override bool TryDecrypt(ReadOnlySpan<byte> key, OctetPieces content, [NotNullWhen(true)] out byte[]? decrypted)
    {
        decrypted = null;
        var block = vector.Length;
        if (content.Length == 0 || content.Length % block != 0)
        {
            return false;
        }

        try
        {
            using var cipher = create();
            cipher.Key = key.ToArray();
            Span<byte> last = stackalloc byte[block];
            DecryptLast(cipher, content, last);
            if (PaddingOf(last) is not (> 0 and var padding))
            {
                return false;
            }

            var before = content.Length - block;
            decrypted = GC.AllocateUninitializedArray<byte>(content.Length - padding);
            DecryptBefore(cipher, content, decrypted.AsSpan(0, before));
            last[..(block - padding)].CopyTo(decrypted.AsSpan(before));
            return true;
        }
        catch (CryptographicException)
        {
            // DES refuses some keys. Others fail in no other way than by what they make of the last block.
            return false;
        }
        catch (PlatformNotSupportedException)
        {
            // An administrator may have taken old ciphers out of OpenSSL; that is no secret.
            throw new CmsFaultException(CmsFaultKind.UnsupportedAlgorithm, "The cryptography of this system does not offer the cipher.");
        }
    }

    private void DecryptLast(SymmetricAlgorithm cipher, OctetPieces content, Span<byte> last)
    {
        Span<byte> previous = stackalloc byte[last.Length];
        Span<byte> encrypted = stackalloc byte[last.Length];
        content.CopyTo(content.Length - last.Length, encrypted);
        if (content.Length == last.Length)
        {
            vector.CopyTo(previous);
        }
        else
        {
            content.CopyTo(content.Length - (2 * last.Length), previous);
        }

        cipher.DecryptCbc(encrypted, previous, last, PaddingMode.None);
    }

    private void DecryptBefore(SymmetricAlgorithm cipher, OctetPieces content, Span<byte> destination)
    {
        if (content.TryGetWhole(out var encrypted))
        {
            cipher.DecryptCbc(encrypted[..destination.Length], vector, destination, PaddingMode.None);
        }
        else
        {
            content.CopyTo(0, destination);
            cipher.DecryptCbc(destination, vector, destination, PaddingMode.None);
        }
    }

    // The length of a right padding, or 0; every octet is looked at in every case.
    private static int PaddingOf(ReadOnlySpan<byte> last)
    {
        var padding = last[^1];
        var wrong = padding == 0 || padding > last.Length ? 1 : 0;
        for (var at = 0; at < last.Length; at++)
        {
            var isPadding = last.Length - at <= padding ? -1 : 0;
            wrong |= isPadding & (last[at] ^ padding);
        }

        return wrong == 0 ? padding : 0;
    }
}
