using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Reading;

/// <summary>AES in Galois/counter mode (RFC 5084): nothing is returned before the tag over content and attributes has been checked.</summary>
internal sealed class GcmDecryption : ContentDecryption
{
    // RFC 5084 section 3.2: the default of aes-ICVlen.
    private const int DefaultTagLength = 12;

    private readonly byte[] _nonce;
    private readonly ReadOnlyMemory<byte> _tag;
    private readonly ReadOnlyMemory<byte> _attributes;

    private GcmDecryption(int keyLength, byte[] nonce, EnvelopedFields fields)
    {
        KeyLength = keyLength;
        _nonce = nonce;
        _tag = fields.Tag;
        _attributes = fields.AuthenticatedAttributes;
    }

    /// <inheritdoc/>
    public override int KeyLength { get; }

    /// <summary>Reads GCMParameters.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">Nonce or tag are of a length that the framework does not take.</exception>
    public static GcmDecryption Read(int keyLength, EnvelopedFields fields)
    {
        var parameters = new AsnReader(fields.CipherParameters, AsnEncodingRules.BER).ReadSequence();
        var nonce = parameters.ReadOctetString();
        var tagLength = DefaultTagLength;
        if (parameters.HasData && !parameters.TryReadInt32(out tagLength))
        {
            throw new AsnContentException();
        }

        // A shorter tag than announced would be easier to guess; the framework takes 12 to 16 octets, which are all that RFC 5084 allows.
        if (fields.Tag.Length != tagLength || tagLength < AesGcm.TagByteSizes.MinSize || tagLength > AesGcm.TagByteSizes.MaxSize)
        {
            throw new CmsFaultException(CmsFaultKind.UnsupportedAlgorithm, "The authentication tag is not of the length announced, or of none that is allowed.");
        }

        return nonce.Length == AesGcm.NonceByteSizes.MaxSize
            ? new GcmDecryption(keyLength, nonce, fields)
            : throw new CmsFaultException(CmsFaultKind.UnsupportedAlgorithm, $"AES-GCM with a nonce of {nonce.Length} octets is not supported.");
    }

    /// <inheritdoc/>
    public override bool TryDecrypt(ReadOnlySpan<byte> key, OctetPieces content, [NotNullWhen(true)] out byte[]? decrypted)
    {
        var result = GC.AllocateUninitializedArray<byte>(content.Length);
        decrypted = null;
        try
        {
            using var cipher = new AesGcm(key, _tag.Length);
            if (!content.TryGetWhole(out var encrypted))
            {
                content.CopyTo(0, result);
                encrypted = result;
            }

            cipher.Decrypt(_nonce, encrypted, _tag.Span, result, _attributes.Span);
            decrypted = result;
            return true;
        }
        catch (CryptographicException)
        {
            // What was decrypted before the tag was known to be wrong is nobody's to see.
            CryptographicOperations.ZeroMemory(result);
            return false;
        }
    }
}
