using System.Buffers;
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
        return Encoding.ASCII.GetBytes(
            $"From: {from}\r\nTo: us@example.com\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
            + $"Content-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(cms, Base64FormattingOptions.InsertLineBreaks)}\r\n");
    }
}
