using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Ecosystem;

/// <summary>MimeKit, with Bouncy Castle behind it, reads, verifies and decrypts what the gateway makes.</summary>
public sealed class MimeKitAsReaderTests(MimeKitGateway gateway) : IClassFixture<MimeKitGateway>
{
    private const string Text = "The crossing is at nine.\r\nGr\u00fc\u00dfe\r\n";

    [Theory]
    [InlineData("clear.example", "signed")]
    [InlineData("opaque.example", "signed")]
    [InlineData("pss.example", "signed")]
    [InlineData("encrypt.example", "encrypted")]
    [InlineData("oaep.example", "encrypted")]
    [InlineData("both.example", "encrypted signed")]
    [InlineData("triple.example", "signed encrypted signed")]
    [InlineData("header.example", "encrypted signed")]
    public async Task It_opens_every_layer_and_reads_the_text(string domain, string layers)
    {
        var received = await gateway.SendAsync(domain, Message());

        var (found, text) = Open(received.Content);

        found.ShouldBe(layers);
        text.ShouldBe(Text);
    }

    [Theory]
    [InlineData("clear.example", "signed")]
    [InlineData("both.example", "encrypted signed")]
    public async Task It_verifies_elliptic_signatures(string domain, string layers)
    {
        var received = await gateway.SendAsync(domain, Message("erika@example.com"), "erika@example.com");

        Open(received.Content).ShouldBe((layers, Text));
    }

    [Fact]
    public async Task It_refuses_a_signature_once_a_letter_has_changed()
    {
        var received = await gateway.SendAsync("clear.example", Message());
        received.Content[received.Content.AsSpan().IndexOf("nine"u8)] = (byte)'m';

        Should.Throw<ShouldAssertException>(() => Open(received.Content));
    }

    [Fact]
    public async Task It_has_no_AES_GCM_which_is_why_partners_get_it_only_when_they_announced_it()
    {
        var received = await gateway.SendAsync("gcm.example", Message());

        received.Content.AsSpan().IndexOf("authEnveloped-data"u8).ShouldBeGreaterThan(0);
        Should.Throw<InvalidOperationException>(() => Open(received.Content));
    }

    [Fact]
    public async Task It_agrees_on_no_key_with_an_elliptic_recipient_where_OpenSSL_does()
    {
        var received = await gateway.SendAsync("elliptic.example", Message());

        // It hashes the key wrap with parameters NULL, which RFC 3565 has absent.
        Should.Throw<Org.BouncyCastle.Cms.CmsException>(() => Open(received.Content)).InnerException.ShouldBeOfType<Org.BouncyCastle.Crypto.InvalidCipherTextException>();
        var key = gateway.WriteReader("elliptic.example");
        var run = await Tool.MustAsync("openssl", ["cms", "-decrypt", "-recip", key], received.Content);
        Encoding.UTF8.GetString(run.OutputBytes).ShouldEndWith(Text);
    }

    private static byte[] Message(string from = "alice@example.com") => Lines.Crlf(
        $"From: {from}\nTo: bob@example.net\nSubject: Plans\nDate: Fri, 20 Nov 2026 12:00:00 +0000\nMessage-ID: <plans@example.com>\n"
        + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + Text);

    private (string Layers, string Text) Open(byte[] content)
    {
        using var context = new TemporarySecureMimeContext { CheckCertificateRevocation = false };
        foreach (var reader in gateway.Readers)
        {
            using var pkcs12 = new MemoryStream(TestPki.MakeP12("pass", reader));
            context.Import(pkcs12, "pass");
        }

        foreach (var authority in TestPki.Chain)
        {
            context.Import(new Org.BouncyCastle.X509.X509Certificate(authority.RawData));
        }

        using var stream = new MemoryStream(content);
        List<string> layers = [];
        var entity = MimeMessage.Load(stream).Body!;
        while (true)
        {
            switch (entity)
            {
                case MultipartSigned signed:
                    layers.Add(Verified(signed.Verify(context)));
                    entity = signed[0];
                    break;
                case ApplicationPkcs7Mime { SecureMimeType: SecureMimeType.SignedData } opaque:
                    layers.Add(Verified(opaque.Verify(context, out entity)));
                    break;
                case ApplicationPkcs7Mime enveloped:
                    layers.Add("encrypted");
                    entity = enveloped.Decrypt(context);
                    break;
                default:
                    using (var decoded = new MemoryStream())
                    {
                        // Not its property Text, which has the line ends of the machine.
                        entity.ShouldBeOfType<TextPart>().Content!.DecodeTo(decoded);
                        return (string.Join(' ', layers), Encoding.UTF8.GetString(decoded.ToArray()));
                    }

            }
        }
    }

    private static string Verified(DigitalSignatureCollection signatures)
    {
        signatures.Count.ShouldBe(1);
        try
        {
            signatures[0].Verify().ShouldBeTrue();
        }
        catch (DigitalSignatureVerifyException trouble)
        {
            throw new ShouldAssertException(trouble.ToString());
        }

        return "signed";
    }
}
