using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>Mail that arrives signed, encrypted, or with a label that says so, and meets a rule that encrypts.</summary>
public sealed class AlreadyProtectedTests(EncryptingGateway gateway) : IClassFixture<EncryptingGateway>
{
    private const string Fields = "From: alice@example.com\nTo: bob@example.net\nSubject: Plans\nMIME-Version: 1.0\n";
    private const string Secret = "The crossing is at nine.";
    private static readonly byte[] Entity = Lines.Crlf($"Content-Type: text/plain\n\n{Secret}\n");

    /// <summary>Content types that promise protection, around a body that has none.</summary>
    public static TheoryData<string, string> Labels => new()
    {
        { "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", $"Content-Transfer-Encoding: base64\n\n{Base64(Entity)}\n" },
        { "application/pkcs7-mime; smime-type=authEnveloped-data; name=smime.p7m", $"Content-Transfer-Encoding: base64\n\n{Base64(Entity)}\n" },
        { "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", $"Content-Transfer-Encoding: base64\n\n{Base64(SignedData())}\n" },
        { "application/x-pkcs7-mime; smime-type=enveloped-data", $"\n{Secret}\n" },
        { "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", $"Content-Transfer-Encoding: base64\n\n{Base64(SignedData())}\n" },
        {
            "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b",
            $"\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n{Secret}\n--b--\n"
        },
        { "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b", $"\n--b\n\n{Secret}\n--b--\n" },
    };

    [Theory]
    [MemberData(nameof(Labels))]
    public async Task What_only_claims_to_be_encrypted_is_encrypted(string contentType, string rest)
    {
        var message = Lines.Crlf($"{Fields}Content-Type: {contentType}\n{rest}");

        var received = await gateway.SendAsync("encrypt.example", message);

        var content = await gateway.DecryptAsync(received.Content);
        Encoding.Latin1.GetString(content).ShouldStartWith("Content-Type: " + contentType);
        received.Content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Secret)).ShouldBe(-1);
        received.Content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Base64(Entity)[..40])).ShouldBe(-1);
    }

    [Theory]
    [InlineData("encrypt.example", "-aes256")]
    [InlineData("clear.sign.example", "-aes256")]
    [InlineData("clear.triple.example", "-aes256")]
    [InlineData("encrypt.example", "-aes-256-gcm")]
    public async Task Encrypted_mail_passes_to_the_octet(string domain, string cipher)
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("content", Entity);
        var certificate = folder.Write("bob.pem", TestPki.MakeCertificatePem(gateway.Bob));
        var run = await Tool.MustAsync("openssl", ["cms", "-encrypt", cipher, "-binary", "-in", file, "-from", EncryptingGateway.Alice, "-to", "bob@example.net", "-crlfeol", certificate]);
        var message = Lines.Crlf(run.OutputBytes);

        var received = await gateway.SendAsync(domain, message);

        received.Content.AsSpan().EndsWith(message).ShouldBeTrue(Encoding.Latin1.GetString(received.Content));
        (await OpenSsl.DecryptAsync(received.Content, gateway.Bob)).ShouldBe(Entity);
    }

    [Fact]
    public async Task PGP_mail_passes_to_the_octet()
    {
        var armored = new StringBuilder("-----BEGIN PGP MESSAGE-----\n\n");
        // A session key of 84 octets, and encrypted data of 500.
        armored.Append(Convert.ToBase64String(
            [0xC1, 84, 3, .. RandomNumberGenerator.GetBytes(83), 0xD2, 0xC1, 0x34, 1, .. RandomNumberGenerator.GetBytes(499)], Base64FormattingOptions.InsertLineBreaks));
        armored.Append("\n=njUN\n-----END PGP MESSAGE-----\n");
        var message = Lines.Crlf(
            $"{Fields}Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n"
            + $"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n{armored}--b--\n");

        var received = await gateway.SendAsync("encrypt.example", message);

        received.Content.AsSpan().EndsWith(message).ShouldBeTrue(Encoding.Latin1.GetString(received.Content));
    }

    [Theory]
    [InlineData("encrypt.example")]
    [InlineData("clear.sign.example")]
    [InlineData("again.sign.example")]
    public async Task Signed_mail_is_encrypted_with_its_signature_intact(string domain)
    {
        var (message, entity) = await SignAsync();

        var received = await gateway.SendAsync(domain, message);

        LayersTests.ShouldBeEncrypted(received.Content, "enveloped-data");
        var content = await gateway.DecryptAsync(received.Content);
        if (domain == "again.sign.example")
        {
            content = await gateway.VerifyAsync(content);
        }

        content.ShouldBe(entity);
        (await gateway.VerifyAsync(content)).ShouldBe(Entity);
    }

    /// <summary>A message that alice's own program signed, and the part of it that is to be encrypted.</summary>
    private static async Task<(byte[] Message, byte[] Entity)> SignAsync()
    {
        using var folder = new ScratchFolder();
        var alice = TestPki.Issue(EncryptingGateway.Alice);
        var pem = folder.Write("alice.pem", TestPki.MakePem(alice));
        var chain = folder.Write("chain.pem", TestPki.MakeCertificatePem(TestPki.Chain));
        var run = await Tool.MustAsync(
            "openssl", ["cms", "-sign", "-binary", "-in", folder.Write("content", Entity), "-signer", pem, "-certfile", chain, "-md", "sha256", "-crlfeol"]);

        // OpenSSL puts MIME-Version first; what follows it is the content of the message.
        var signed = Encoding.Latin1.GetString(Lines.Crlf(run.OutputBytes));
        var entity = signed[signed.IndexOf("Content-Type:", StringComparison.Ordinal)..];
        return (Encoding.Latin1.GetBytes(Fields.Replace("\n", "\r\n", StringComparison.Ordinal) + entity), Encoding.Latin1.GetBytes(entity));
    }

    /// <summary>A SignedData that holds the text for everybody to read.</summary>
    private static byte[] SignedData()
    {
        var signed = new SignedCms(new ContentInfo(Entity));
        signed.ComputeSignature(new CmsSigner(TestPki.Issue(EncryptingGateway.Alice)));
        return signed.Encode();
    }

    private static string Base64(byte[] octets) => Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks);
}
