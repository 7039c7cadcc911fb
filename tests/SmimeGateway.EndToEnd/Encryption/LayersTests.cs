using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>What comes out of the real executable, opened layer by layer by programs that are not ours.</summary>
public sealed class LayersTests(EncryptingGateway gateway) : IClassFixture<EncryptingGateway>
{
    private const string Body = "Content-Type: text/plain; charset=utf-8\n\nThe crossing is at nine.\n";
    private static readonly byte[] Entity = Lines.Crlf(Body);
    private static readonly byte[] Message = Lines.Crlf(
        "From: Alice <alice@example.com>\nTo: bob@example.net\nSubject: Plans\nDate: Fri, 20 Nov 2026 12:00:00 +0000\n"
        + "Message-ID: <plans@example.com>\nMIME-Version: 1.0\n" + Body);

    [Fact]
    public async Task Encrypted_mail_decrypts_to_the_exact_content()
    {
        var received = await gateway.SendAsync("encrypt.example", Message);

        ShouldBeEncrypted(received.Content, "enveloped-data");
        (await gateway.DecryptAsync(received.Content)).ShouldBe(Entity);
        received.Field("Subject").ShouldBe("Plans");
        received.Field("Message-ID").ShouldBe("<plans@example.com>");
        received.Field("To").ShouldBe("bob@example.net");
    }

    [Fact]
    public async Task Mail_encrypted_with_AES_GCM_decrypts_to_the_exact_content()
    {
        var received = await gateway.SendAsync("gcm.encrypt.example", Message);

        ShouldBeEncrypted(received.Content, "authEnveloped-data");
        (await gateway.DecryptAsync(received.Content, byAll: false)).ShouldBe(Entity);
    }

    [Theory]
    [InlineData("clear")]
    [InlineData("opaque")]
    public async Task Signed_and_encrypted_mail_decrypts_and_then_verifies(string form)
    {
        var received = await gateway.SendAsync(form + ".sign.example", Message);

        ShouldBeEncrypted(received.Content, "enveloped-data");
        var signed = await gateway.DecryptAsync(received.Content);
        ShouldBeSigned(signed, form);
        (await gateway.VerifyAsync(signed)).ShouldBe(Entity);
    }

    [Theory]
    [InlineData("clear")]
    [InlineData("opaque")]
    public async Task Triple_wrapped_mail_verifies_decrypts_and_verifies(string form)
    {
        var received = await gateway.SendAsync(form + ".triple.example", Message);

        ShouldBeSigned(received.Content, form);
        var encrypted = await gateway.VerifyAsync(received.Content);
        ShouldBeEncrypted(encrypted, "enveloped-data");
        var signed = await gateway.DecryptAsync(encrypted);
        ShouldBeSigned(signed, form);
        (await gateway.VerifyAsync(signed)).ShouldBe(Entity);
        Find(received.Content, "The crossing").ShouldBeFalse();
    }

    [Fact]
    public async Task A_changed_octet_anywhere_in_the_layers_is_noticed_outside()
    {
        var received = await gateway.SendAsync("clear.triple.example", Message);
        var octets = received.Content;
        var encrypted = octets.AsSpan().IndexOf("smime-type=enveloped-data"u8);
        var place = encrypted + octets.AsSpan(encrypted).IndexOf("\r\n\r\n"u8) + 400;
        octets[place] = octets[place] == (byte)'A' ? (byte)'B' : (byte)'A';

        (await gateway.Judges.OpenSsl.JudgeAsync(octets)).IsGood.ShouldBeFalse();
    }

    internal static void ShouldBeEncrypted(byte[] message, string smimeType)
    {
        var header = Header(message);
        header.ShouldContain("Content-Type: application/pkcs7-mime");
        header.ShouldContain("smime-type=" + smimeType);
        Find(message, "The crossing").ShouldBeFalse();
    }

    private static void ShouldBeSigned(byte[] message, string form) =>
        Header(message).ShouldContain(form == "clear" ? "multipart/signed" : "smime-type=signed-data");

    private static bool Find(byte[] message, string text) => message.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    private static string Header(byte[] message) =>
        Encoding.Latin1.GetString(message.AsSpan(0, message.AsSpan().IndexOf("\r\n\r\n"u8))).Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
}
