using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>Awkward messages come out of the encryption with every octet of their body, and in lines that every relay takes.</summary>
public sealed class AwkwardEncryptionTests(EncryptingGateway gateway) : IClassFixture<EncryptingGateway>
{
    public static TheoryData<string> Names => [.. AwkwardMessages.All.Select(message => message.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_encrypted_to_the_octet_or_refused(string name)
    {
        var message = AwkwardMessages.All.Single(candidate => candidate.Name == name);
        if (message.Expected == AwkwardOutcome.Refused)
        {
            (await gateway.OfferAsync("encrypt.example", message.Content, message.Parameters)).Text.ShouldStartWith("554 5.6.11");
            return;
        }

        var received = await gateway.SendAsync("encrypt.example", message.Content, message.Parameters);

        if (received.Content.AsSpan().EndsWith(message.Content))
        {
            message.Expected.ShouldBe(AwkwardOutcome.KeptAsItIs, "it left as it came");
            (received.Field("Content-Type") ?? "").ShouldMatch("enveloped-data|authEnveloped-data|x-pkcs7-mime|multipart/encrypted");
            return;
        }

        var content = await gateway.DecryptAsync(received.Content, byAll: false);
        content.AsSpan().EndsWith(Body(message.Content)).ShouldBeTrue(Encoding.Latin1.GetString(content));
        var text = Encoding.Latin1.GetString(received.Content);
        text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..].ShouldAllBe(character => char.IsAscii(character));
        text.Split("\r\n").ShouldAllBe(line => line.Length <= 998 && !line.Contains('\r') && !line.Contains('\n'));
    }

    /// <summary>What follows the header, with the line end that SMTP gives a last line without one.</summary>
    private static byte[] Body(byte[] message)
    {
        var end = message.AsSpan().IndexOf("\r\n\r\n"u8);
        var body = end < 0 ? [] : message[(end + 4)..];
        return body.Length == 0 || body.AsSpan().EndsWith("\r\n"u8) ? body : [.. body, .. "\r\n"u8];
    }
}
