using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

public sealed class HarvestTests
{
    private const string Bob = "bob@partner.example";

    [Theory]
    [InlineData("clear")]
    [InlineData("opaque")]
    public async Task Who_wrote_signed_mail_can_be_written_to(string form)
    {
        using var home = new GatewayHome();
        await using var gateway = await StartAsync(home);
        var refused = await gateway.SendAsync("alice@example.com", Bob, Confidential());
        refused.Code.ShouldBe(550);

        (await gateway.SendAsync(Bob, "alice@example.com", await SignedByBobAsync(home, form))).Code.ShouldBe(250);
        await gateway.LogsAsync("kept from signed mail (new): the certificate of bob@partner.example");

        (await gateway.SendAsync("alice@example.com", Bob, Confidential())).Code.ShouldBe(250);
        await Eventually.TrueAsync(() => home.OutboxMessages().Count == 2);
        (await DecryptAsync(home, home.OutboxMessages()[^1])).ShouldContain("for Bob alone");
    }

    private static Task<GatewayProcess> StartAsync(GatewayHome home)
    {
        home.Write("roots.pem", TestPki.MakeCertificatePem(TestPki.Root));
        home.Configure(Members.Join(
            "\"senders\": [{ \"address\": \"*\", \"clients\": [\"127.0.0.0/8\"] }]",
            "\"certificates\": { \"partners\": [{ \"name\": \"seen\", \"harvested\": { \"accept\": \"trusted\" } }], \"trust\": { \"roots\": [\"roots.pem\"] } }",
            "\"rules\": [{ \"name\": \"encrypt\", \"when\": { \"sender\": \"*@example.com\" }, \"encrypt\": { \"to\": [\"seen\"], \"whenMissing\": \"reject\" } }]",
            Members.Outbox));
        return GatewayProcess.StartAsync(home);
    }

    private static byte[] Confidential()
        => "From: alice@example.com\r\nTo: bob@partner.example\r\nSubject: hello\r\n\r\nfor Bob alone\r\n"u8.ToArray();

    private static async Task<byte[]> SignedByBobAsync(GatewayHome home, string form)
    {
        TestPki.WritePem(home.Folder + "/bob.pem", TestPki.Issue(Bob));
        home.Write("chain.pem", TestPki.MakeCertificatePem(TestPki.Chain));
        string[] opaque = form == "opaque" ? ["-nodetach"] : [];
        var run = await Tool.MustAsync(
            "openssl",
            ["cms", "-sign", "-signer", home.Folder + "/bob.pem", "-certfile", home.Folder + "/chain.pem", "-from", Bob, "-to", "alice@example.com",
             "-subject", "signed", "-crlfeol", .. opaque],
            "Hello Alice\r\n"u8.ToArray());
        return Encoding.Latin1.GetBytes(run.Output.ReplaceLineEndings("\r\n"));
    }

    private static async Task<string> DecryptAsync(GatewayHome home, byte[] message)
    {
        var file = home.Write("encrypted.eml", Encoding.Latin1.GetString(message));
        var run = await Tool.MustAsync("openssl", ["cms", "-decrypt", "-in", file, "-recip", home.Folder + "/bob.pem"]);
        return run.Output;
    }
}
