using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Reading;
using SmimeGateway.Cms.Reading.Keys;

namespace SmimeGateway.Cms;

/// <summary>An EnvelopedData or AuthEnvelopedData as it was received (RFC 5652 section 6, RFC 5083).</summary>
public sealed class EnvelopedData
{
    // Attributes that the tag covers can be read by anybody; those in use are identifiers and times.
    private const int MaxReadableAttributes = 256;

    private readonly EnvelopedFields _fields;
    private readonly CmsLimits _limits;

    private EnvelopedData(EnvelopedFields fields, CmsLimits limits)
    {
        _fields = fields;
        _limits = limits;
        Recipients = [.. fields.Keys.Select(key => new RecipientInfo(key.Identifier, key.AlgorithmName))];
    }

    /// <summary>True for AuthEnvelopedData.</summary>
    public bool IsAuthenticated => _fields.IsAuthenticated;

    /// <summary>The usual name of the cipher, such as <c>AES-256-CBC</c>, or its object identifier.</summary>
    public string CipherName => ContentDecryption.NameOf(_fields.CipherOid);

    /// <summary>Whether the cipher is read only when that is asked for: 3DES, DES and RC2.</summary>
    public bool IsCipherWeak => ContentDecryption.IsWeak(_fields.CipherOid);

    /// <summary>The type of the content in dotted form; mail is always 1.2.840.113549.1.7.1.</summary>
    public string ContentType => _fields.ContentType;

    /// <summary>Whether the content is of the type that mail is.</summary>
    public bool IsContentData => _fields.ContentType == Oids.Data;

    /// <summary>
    /// Whether the content is inside, encrypted by a cipher that can be read here and is not broken (not DES, not RC2) to somebody's
    /// certificate, and nothing readable travels with it. Whether that certificate is the right one, only its key could tell.
    /// </summary>
    public bool HidesAll =>
        _fields is { IsBare: true, Content.Length: > 0, AuthenticatedAttributes.Length: <= MaxReadableAttributes }
        && Recipients.Any(recipient => recipient.Identifier is not null)
        && ContentDecryption.IsSafe(_fields);

    /// <summary>For whom it is, in its order.</summary>
    public IReadOnlyList<RecipientInfo> Recipients { get; }

    /// <summary>The size of the object; bytes that follow it belong to nothing.</summary>
    public int EncodedLength => _fields.EncodedLength;

    /// <summary>Reads one in BER or DER; false with a fault if the bytes are not one.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> berOrDer,
        [NotNullWhen(true)] out EnvelopedData? enveloped,
        [NotNullWhen(false)] out CmsFault? fault) => TryRead(berOrDer, CmsLimits.Standard, out enveloped, out fault);

    /// <summary>Reads one in BER or DER; false with a fault if the bytes are not one or exceed the limits.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> berOrDer,
        CmsLimits limits,
        [NotNullWhen(true)] out EnvelopedData? enveloped,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        ArgumentNullException.ThrowIfNull(limits);
        enveloped = EnvelopedFields.TryRead(berOrDer, limits, out var fields, out fault) ? new EnvelopedData(fields, limits) : null;
        return enveloped is not null;
    }

    /// <summary>
    /// Decrypts with the first key that fits: all of the content, or nothing of it. Failures of padding, key and tag look alike.
    /// </summary>
    /// <param name="keys">Certificates with private keys.</param>
    /// <param name="allowWeakCiphers">Whether 3DES, DES and RC2 are read as well.</param>
    /// <param name="content">The content.</param>
    /// <param name="fault">Why there is none.</param>
    public bool TryDecrypt(
        IEnumerable<X509Certificate2> keys,
        bool allowWeakCiphers,
        [NotNullWhen(true)] out byte[]? content,
        [NotNullWhen(false)] out CmsFault? fault) =>
        TryDecrypt(keys.Select(certificate => new CmsIdentity(certificate)), allowWeakCiphers, out content, out _, out fault);

    /// <summary>As the other, with private keys that may lie beside their certificates; and tells which of them it was that fitted.</summary>
    public bool TryDecrypt(
        IEnumerable<CmsIdentity> keys,
        bool allowWeakCiphers,
        [NotNullWhen(true)] out byte[]? content,
        [NotNullWhen(true)] out CmsIdentity? opener,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        ArgumentNullException.ThrowIfNull(keys);
        content = null;
        opener = null;
        fault = null;
        try
        {
            (content, opener) = Decrypt(keys, allowWeakCiphers);
            return true;
        }
        catch (CmsFaultException exception)
        {
            fault = exception.Fault;
            return false;
        }
    }

    private (byte[] Content, CmsIdentity Opener) Decrypt(IEnumerable<CmsIdentity> keys, bool allowWeakCiphers)
    {
        if (IsCipherWeak && !allowWeakCiphers)
        {
            throw new CmsFaultException(CmsFaultKind.WeakCipher, $"The content is encrypted by {CipherName}, which is read only where weak ciphers are allowed.");
        }

        if (_fields.Content is not { } encrypted)
        {
            throw new CmsFaultException(CmsFaultKind.ContentMissing, "The encrypted content is not inside the object.");
        }

        var decryption = ContentDecryption.Find(_fields);
        Span<byte> contentKey = stackalloc byte[decryption.KeyLength];
        var hindrance = new CmsFault(CmsFaultKind.NoMatchingKey, "The content is encrypted to none of the keys at hand.");
        foreach (var (key, identity) in Candidates(keys).Take(_limits.MaxKeyAttempts))
        {
            if (key.Fault is { } unsupported)
            {
                hindrance = unsupported;
                continue;
            }

            if (key.IsWeak && !allowWeakCiphers)
            {
                hindrance = new CmsFault(CmsFaultKind.WeakCipher, $"The key is encrypted by {key.AlgorithmName}, which is read only where weak ciphers are allowed.");
                continue;
            }

            key.Decrypt(identity, contentKey);
            if (decryption.TryDecrypt(contentKey, encrypted, out var content))
            {
                CryptographicOperations.ZeroMemory(contentKey);
                return (content, identity);
            }

            hindrance = new CmsFault(CmsFaultKind.DecryptionFailed, "The content cannot be decrypted with the key it is encrypted to.");
        }

        throw new CmsFaultException(hindrance);
    }

    // A certificate may be named several times, and several certificates may have the name or the key: all of them are tried in order.
    private IEnumerable<(EncryptedKey Key, CmsIdentity Identity)> Candidates(IEnumerable<CmsIdentity> keys) =>
        from identity in keys
        from key in _fields.Keys
        where key.Identifier is { } identifier && identifier.Names(identity.Certificate)
            && (key.Fault is not null || (identity.HasPrivateKey && key.Fits(identity.Certificate)))
        select (key, identity);
}

/// <summary>One recipient that an encrypted object names (RFC 5652 section 6.2).</summary>
/// <param name="Identifier">The certificate meant; null for a key that was agreed upon otherwise, and for a password.</param>
/// <param name="AlgorithmName">How the key is encrypted, such as <c>RSA</c>, <c>RSA-OAEP SHA-256</c> or <c>ECDH SHA-256, AES-256 key wrap</c>.</param>
public sealed record RecipientInfo(CertificateIdentifier? Identifier, string AlgorithmName);
