using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Tests;

/// <summary>An encrypted <see cref="Some.Content"/> that a test makes odd in one place; every part has a correct default.</summary>
internal sealed record OddEnvelope
{
    private const byte Sequence = 0x30;
    private const byte Set = 0x31;
    private const byte Explicit0 = 0xA0;
    private const byte Primitive0 = 0x80;

    private static readonly byte[] Nonce = new byte[12];

    /// <summary>The same in every run, so that what a wrong key makes of a content is the same as well.</summary>
    public static byte[] ContentKey { get; } = [.. Enumerable.Range(1, 32).Select(value => (byte)value)];

    public bool IsAuthenticated { get; init; }

    public string? Type { get; init; }

    public string ContentType { get; init; } = Oids.Data;

    public string? Cipher { get; init; }

    public byte[]? Parameters { get; init; }

    public byte[] Content { get; init; } = Some.Content;

    public IReadOnlyList<byte[]> Recipients { get; init; } = [Transport(Some.Certificate, ContentKey)];

    /// <summary>The element of the encrypted content; null leaves it out.</summary>
    public Func<byte[], byte[]>? Layout { get; init; } = encrypted => Ber.Wrap(Primitive0, encrypted);

    public Action<byte[]> Damage { get; init; } = _ => { };

    public int TagLength { get; init; } = 16;

    /// <summary>The elements of the authenticated attributes as they are sent; null sends none.</summary>
    public byte[][]? Attributes { get; init; }

    /// <summary>The attributes as the tag covers them.</summary>
    public byte[] Covered { get; init; } = [];

    public static byte[] Transport(X509Certificate2 certificate, byte[] contentKey) =>
        TransportOf(certificate, certificate.GetRSAPublicKey()!.Encrypt(contentKey, RSAEncryptionPadding.Pkcs1));

    public static byte[] TransportOf(X509Certificate2 certificate, byte[] encryptedKey, byte[]? algorithm = null) => Ber.Wrap(
        Sequence,
        Ber.Integer(0),
        IssuerAndSerial(certificate),
        algorithm ?? Ber.Wrap(Sequence, Ber.Oid(Oids.RsaEncryption), [5, 0]),
        Ber.Octets(encryptedKey));

    /// <summary>A recipient of an agreement.</summary>
    /// <param name="identifier">The element that names him.</param>
    /// <param name="originator">The element within the originator's tag.</param>
    /// <param name="scheme">The agreement.</param>
    /// <param name="wrap">The element of the key wrap's identifier; empty for none.</param>
    /// <param name="wrapped">The wrapped key.</param>
    public static byte[] Agreement(byte[] identifier, byte[] originator, string scheme, byte[] wrap, byte[] wrapped) => Ber.Wrap(
        0xA1,
        Ber.Integer(3),
        Ber.Wrap(Explicit0, originator),
        Ber.Wrap(Sequence, Ber.Oid(scheme), wrap),
        Ber.Wrap(Sequence, Ber.Wrap(Sequence, identifier, Ber.Octets(wrapped))));

    public static byte[] IssuerAndSerial(X509Certificate2 certificate) =>
        Ber.Wrap(Sequence, certificate.IssuerName.RawData, Ber.Wrap(0x02, certificate.SerialNumberBytes.ToArray()));

    public EnvelopedData Read() => SomeEnvelope.Read(Encode());

    public byte[] Encode()
    {
        var (encrypted, tag) = IsAuthenticated ? EncryptGcm() : (EncryptCbc(), []);
        Damage(encrypted);
        var cipher = Cipher ?? (IsAuthenticated ? Oids.Aes256Gcm : Oids.Aes256Cbc);
        var parameters = Parameters
            ?? (IsAuthenticated ? Ber.Wrap(Sequence, Ber.Octets(Nonce), Ber.Integer(TagLength)) : Ber.Octets(new byte[16]));
        var content = Ber.Wrap(
            Sequence, Ber.Oid(ContentType), Ber.Wrap(Sequence, Ber.Oid(cipher), parameters), Layout?.Invoke(encrypted) ?? []);
        var enveloped = Ber.Wrap(
            Sequence,
            Ber.Integer(0),
            Ber.Wrap(Set, Recipients),
            content,
            Attributes is null ? [] : Ber.Wrap(0xA1, Attributes),
            IsAuthenticated ? Ber.Octets(tag) : []);
        var type = Type ?? (IsAuthenticated ? Oids.AuthEnvelopedData : Oids.EnvelopedData);
        return Ber.Wrap(Sequence, Ber.Oid(type), Ber.Wrap(Explicit0, enveloped));
    }

    private byte[] EncryptCbc()
    {
        using var aes = Aes.Create();
        aes.Key = ContentKey;
        return aes.EncryptCbc(Content, new byte[16]);
    }

    private (byte[] Encrypted, byte[] Tag) EncryptGcm()
    {
        var (encrypted, tag) = (new byte[Content.Length], new byte[TagLength]);
        using var gcm = new AesGcm(ContentKey, TagLength);
        gcm.Encrypt(Nonce, Content, encrypted, tag, Covered);
        return (encrypted, tag);
    }
}
