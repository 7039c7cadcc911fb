using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>One way of encrypting. The transport matters to RSA keys only.</summary>
public sealed record EncryptionCombination(ContentCipher Cipher, KeyKind Key, KeyTransport Transport, RecipientNaming Naming)
{
    /// <summary>Every way there is.</summary>
    public static IReadOnlyList<EncryptionCombination> All { get; } =
    [
        .. from key in Readers.Kinds
           from transport in TestKeys.IsElliptic(key) ? [KeyTransport.RsaPkcs1] : Enum.GetValues<KeyTransport>()
           from cipher in Enum.GetValues<ContentCipher>()
           from naming in Enum.GetValues<RecipientNaming>()
           select new EncryptionCombination(cipher, key, transport, naming),
    ];

    /// <summary>How the key is encrypted, for people.</summary>
    public string KeyName => Key switch
    {
        KeyKind.EcP256 => "ECDH P-256",
        KeyKind.EcP384 => "ECDH P-384",
        KeyKind.EcP521 => "ECDH P-521",
        _ when Transport == KeyTransport.RsaPkcs1 => "RSA, PKCS#1 v1.5",
        _ => "RSA, OAEP with SHA-" + Transport.ToString()["OaepSha".Length..],
    };

    /// <summary>Whether the cipher authenticates what it encrypts.</summary>
    public bool IsAuthenticated => Cipher >= ContentCipher.Aes128Gcm;

    /// <summary>Encrypts the content this way.</summary>
    public byte[] Encrypt(ReadOnlyMemory<byte> content, params IEnumerable<X509Certificate2> certificates)
    {
        var recipients = certificates.Select(certificate => Recipients.Make(certificate, Transport, Naming)).ToArray();
        using var encryption = new ContentEncryption(Cipher, recipients, new ReadOnlySequence<byte>(content));
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);
        encryption.Check(cms).ShouldBeNull();
        Array.ForEach(recipients, recipient => recipient.Dispose());
        return cms;
    }
}
