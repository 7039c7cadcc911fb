using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Cms;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Opening;

/// <summary>Signed messages.</summary>
internal static class SomeSigned
{
    private static readonly byte[] Content = "Content-Type: text/plain\r\n\r\nHello\r\n"u8.ToArray();

    /// <summary>An opaque signed message.</summary>
    public static byte[] Mail(string from, X509Certificate2 signer, SignerOptions? options = null, DateTimeOffset? signed = null, Action<byte[]>? spoil = null)
    {
        using var by = new Signer(signer, options ?? new SignerOptions { Chain = TestPki.Chain });
        var cms = by.SignEncapsulated(new ReadOnlySequence<byte>(Content), signed ?? TestPki.Now).ToArray();
        spoil?.Invoke(cms);
        return Mail(from, cms);
    }

    /// <summary>An opaque signed message that announces ciphers.</summary>
    public static byte[] Announcing(string from, X509Certificate2 signer, DateTimeOffset signed, params ContentCipher[] ciphers) =>
        Mail(from, signer, new SignerOptions { Chain = TestPki.Chain, Capabilities = SmimeCapabilities.Of(ciphers) }, signed);

    /// <summary>An opaque signed message that does not say when it was signed, as some programs make them.</summary>
    public static byte[] WithoutTime(string from, X509Certificate2 signer) =>
        Others(from, signer, SubjectIdentifierType.IssuerAndSerialNumber, [TestPki.Public(signer), .. TestPki.Chain], signed: null);

    /// <summary>An opaque signed message that carries no certificate.</summary>
    public static byte[] WithoutCertificate(string from, X509Certificate2 signer, SubjectIdentifierType naming, DateTimeOffset signed, bool spoil = false) =>
        Others(from, signer, naming, [], signed, spoil);

    private static byte[] Others(
        string from, X509Certificate2 signer, SubjectIdentifierType naming, X509Certificate2[] enclosed, DateTimeOffset? signed, bool spoil = false)
    {
        var by = new CmsSigner(naming, signer) { IncludeOption = X509IncludeOption.None, DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1") };
        by.Certificates.AddRange(enclosed);
        by.SignedAttributes.Add(new AsnEncodedData(new Oid("1.2.840.113549.1.9.15"), SmimeCapabilities.ReadByAll.Encode()));
        if (signed is { } time)
        {
            by.SignedAttributes.Add(new Pkcs9SigningTime(time.UtcDateTime));
        }

        var cms = new SignedCms(new ContentInfo(Content));
        cms.ComputeSignature(by);
        var encoded = cms.Encode();
        encoded[^1] ^= (byte)(spoil ? 1 : 0);
        return Mail(from, encoded);
    }

    private static byte[] Mail(string from, byte[] cms) => Encoding.ASCII.GetBytes(
        $"From: {from}\r\nTo: us@example.com\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
        + $"Content-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(cms, Base64FormattingOptions.InsertLineBreaks)}\r\n");
}
