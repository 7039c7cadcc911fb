using System.Buffers;

namespace SmimeGateway.Cms;

/// <summary>
/// One encryption of one content: a fresh key, encrypted to every recipient. EnvelopedData (RFC 5652 section 6) with CBC,
/// AuthEnvelopedData (RFC 5083) with GCM. The length of the result is known before it is written, so that it is written where it belongs.
/// </summary>
public sealed class ContentEncryption : IDisposable
{
    private readonly ReadOnlySequence<byte> _content;

    /// <summary>Makes the key and encrypts it to the recipients.</summary>
    /// <param name="cipher">The cipher.</param>
    /// <param name="recipients">At least one.</param>
    /// <param name="content">The content, which is read when the object is written.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A recipient's key cannot be used after all.</exception>
    public ContentEncryption(ContentCipher cipher, IReadOnlyList<CmsRecipient> recipients, ReadOnlySequence<byte> content)
    {
        Cipher = cipher;
        _content = content;
        throw new NotSupportedException($"{recipients}");
    }

    /// <summary>The cipher.</summary>
    public ContentCipher Cipher { get; }

    /// <summary>The value of the smime-type parameter: <c>enveloped-data</c>, or <c>authEnveloped-data</c> (RFC 8551 section 3.2.2).</summary>
    public string SmimeType => Cipher >= ContentCipher.Aes128Gcm ? "authEnveloped-data" : "enveloped-data";

    /// <summary>The length of the object in DER.</summary>
    public int EncodedLength => (int)_content.Length;

    /// <summary>Writes the object.</summary>
    /// <param name="destination">Exactly <see cref="EncodedLength"/> octets.</param>
    public void Write(Span<byte> destination) => throw new NotSupportedException($"{destination.Length}");

    /// <summary>
    /// Reads an object back as a receiver who has the key would; null if it holds the content, for exactly the recipients. The octets are the
    /// same afterwards, but may change meanwhile.
    /// </summary>
    public CmsFault? Check(Memory<byte> cms) => throw new NotSupportedException($"{cms.Length}");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
