using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>AES in GCM with the nonce and tag that RFC 5084 section 3.2 recommends. Nothing else is authenticated: there are no attributes.</summary>
internal sealed class GcmEncryption : SymmetricEncryption
{
    private const int NonceLength = 12;
    private const int LongestTag = 16;

    private readonly AesGcm _aes;
    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(NonceLength);

    public GcmEncryption(ContentAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        _aes = new AesGcm(key, LongestTag);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(algorithm.Oid);
            using (writer.PushSequence())
            {
                writer.WriteOctetString(_nonce);

                // The default is 12, so this length is written.
                writer.WriteInteger(LongestTag);
            }
        }

        AlgorithmIdentifier = writer.Encode();
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> AlgorithmIdentifier { get; }

    /// <inheritdoc/>
    public override int TagLength => LongestTag;

    /// <inheritdoc/>
    public override long EncryptedLength(long contentLength) => contentLength;

    /// <inheritdoc/>
    public override void EncryptInPlace(Span<byte> memory, int contentLength, Span<byte> tag) =>
        _aes.Encrypt(_nonce, memory, memory, tag);

    /// <inheritdoc/>
    public override bool Holds(Span<byte> encrypted, ReadOnlySpan<byte> tag, in ReadOnlySequence<byte> content)
    {
        // The framework decrypts all at once or not at all, and a second buffer of the content's size would be too dear. Encrypting again
        // makes the same octets, because key, nonce and content are the same.
        _aes.Decrypt(_nonce, encrypted, tag, encrypted);
        var rest = content;
        var isSame = content.Length == encrypted.Length && TakeStart(ref rest, encrypted);
        EncryptAgain(encrypted);
        return isSame;
    }

    /// <inheritdoc/>
    public override void Dispose() => _aes.Dispose();

    private void EncryptAgain(Span<byte> content)
    {
        try
        {
            Span<byte> tag = stackalloc byte[LongestTag];
            _aes.Encrypt(_nonce, content, content, tag);
        }
        catch
        {
            // Plain text must not stay where encrypted content belongs.
            CryptographicOperations.ZeroMemory(content);
            throw;
        }
    }
}
