using System.Buffers;
using System.Security.Cryptography;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Reading;
using SmimeGateway.Cms.Writing;

namespace SmimeGateway.Cms;

/// <summary>
/// One encryption of one content: a fresh key, encrypted to every recipient. EnvelopedData (RFC 5652 section 6) with CBC,
/// AuthEnvelopedData (RFC 5083) with GCM. The length of the result is known before it is written, so that it is written where it belongs.
/// </summary>
public sealed class ContentEncryption : IDisposable
{
    private readonly ReadOnlySequence<byte> _content;
    private readonly RecipientInfos _recipients;
    private readonly SymmetricEncryption _symmetric;
    private readonly EnvelopeAssembly _assembly;
    private bool _isDisposed;

    /// <summary>Makes the key and encrypts it to the recipients.</summary>
    /// <param name="cipher">The cipher.</param>
    /// <param name="recipients">At least one.</param>
    /// <param name="content">The content, which is read when the object is written.</param>
    /// <exception cref="ArgumentException">There is no recipient, or the content is too long for one object in memory.</exception>
    /// <exception cref="CryptographicException">A recipient's key cannot be used after all.</exception>
    public ContentEncryption(ContentCipher cipher, IReadOnlyList<CmsRecipient> recipients, ReadOnlySequence<byte> content)
    {
        ArgumentNullException.ThrowIfNull(recipients);
        ArgumentOutOfRangeException.ThrowIfZero(recipients.Count);
        Cipher = cipher;
        _content = content;
        var algorithm = ContentAlgorithm.Of(cipher);
        Span<byte> key = stackalloc byte[algorithm.KeyLength];
        try
        {
            RandomNumberGenerator.Fill(key);
            _recipients = new RecipientInfos(recipients, key);
            _symmetric = SymmetricEncryption.With(algorithm, key);
            _assembly = new EnvelopeAssembly(_recipients, _symmetric, algorithm.IsAuthenticated, content.Length);
        }
        catch
        {
            _symmetric?.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The cipher.</summary>
    public ContentCipher Cipher { get; }

    /// <summary>The value of the smime-type parameter: <c>enveloped-data</c>, or <c>authEnveloped-data</c> (RFC 8551 section 3.2.2).</summary>
    public string SmimeType => Cipher >= ContentCipher.Aes128Gcm ? "authEnveloped-data" : "enveloped-data";

    /// <summary>The length of the object in DER.</summary>
    public int EncodedLength => _assembly.EncodedLength;

    /// <summary>Writes the object.</summary>
    /// <param name="destination">Exactly <see cref="EncodedLength"/> octets, which hold no plain text afterwards even if this throws.</param>
    /// <exception cref="ArgumentException">The destination is of another length.</exception>
    public void Write(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (destination.Length != EncodedLength)
        {
            throw new ArgumentException($"The object has {EncodedLength} octets.", nameof(destination));
        }

        _assembly.Write(destination, out var encrypted, out var tag);
        try
        {
            _content.CopyTo(encrypted);
            _symmetric.EncryptInPlace(encrypted, (int)_content.Length, tag);
        }
        catch
        {
            CryptographicOperations.ZeroMemory(encrypted);
            throw;
        }
    }

    /// <summary>
    /// Reads an object back as a receiver who has the key would; null if it holds the content, for exactly the recipients. The octets are
    /// the same afterwards, but may change meanwhile; after a fault they are of no use.
    /// </summary>
    public CmsFault? Check(Memory<byte> cms)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new OwnEncryptionCheck(_recipients, _symmetric, _assembly).Check(cms, _content);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        // The framework's AES makes up a new key when it is used after it forgot its own.
        _isDisposed = true;
        _symmetric.Dispose();
    }
}
