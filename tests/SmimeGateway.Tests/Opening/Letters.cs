using System.Buffers;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Cms;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Opening;

/// <summary>Puts layers around a content as others do: encryption is made by .NET, in the layout of Outlook.</summary>
internal static class Letters
{
    public const string Fields = "From: Alice <alice@example.com>\r\nTo: bob@example.com\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n";

    public const string Plain = "Content-Type: text/plain\r\n\r\nThe text.\r\n";

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Opaque(string content, X509Certificate2 certificate)
    {
        using var signer = new Signer(certificate, new SignerOptions { Chain = TestPki.Chain });
        return Body("signed-data", signer.SignEncapsulated(Sequence(content), TestPki.Now).ToArray());
    }

    public static string Clear(string content, X509Certificate2 certificate)
    {
        using var signer = new Signer(certificate, new SignerOptions { Chain = TestPki.Chain });
        var signature = signer.SignDetached(Sequence(content), TestPki.Now);
        return "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b\r\n\r\n"
            + $"--b\r\n{content}\r\n--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + Convert.ToBase64String(signature, Base64FormattingOptions.InsertLineBreaks) + "\r\n--b--\r\n";
    }

    public static string Encrypted(string content, params X509Certificate2[] recipients)
    {
        var enveloped = new EnvelopedCms(new ContentInfo(Bytes(content)));
        enveloped.Encrypt([.. recipients.Select(recipient => new System.Security.Cryptography.Pkcs.CmsRecipient(recipient))]);
        return Body("enveloped-data", enveloped.Encode());
    }

    public static string Compressed(string content) => Body("compressed-data", CompressedData.Compress(Sequence(content)));

    public static string Body(string smimeType, byte[] cms) =>
        $"Content-Type: application/pkcs7-mime; smime-type={smimeType}; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + Convert.ToBase64String(cms, Base64FormattingOptions.InsertLineBreaks) + "\r\n";

    private static ReadOnlySequence<byte> Sequence(string content) => new(Bytes(content));
}
