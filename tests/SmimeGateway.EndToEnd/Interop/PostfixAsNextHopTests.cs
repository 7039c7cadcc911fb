using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>A provider's smarthost, played by a Postfix that takes nothing without TLS and a login.</summary>
public sealed class PostfixAsNextHopTests
{
    private const string Password = "päss wörd \"1\\";

    [PostfixTheory]
    [InlineData("login", "PLAIN LOGIN SCRAM-SHA-256", "LOGIN")]
    [InlineData("auto", "PLAIN LOGIN SCRAM-SHA-256", "SCRAM-SHA-256")]
    [InlineData("auto", "PLAIN LOGIN", "PLAIN")]
    public async Task The_gateway_logs_in_over_tls_and_hands_on_chunks_and_the_wish_to_hear_of_the_delivery(string mechanism, string offered, string used)
    {
        await using var sink = new CollectingNextHop();
        using var accounts = await PostfixAccounts.MakeAsync("gateway", Password, offered);
        await using var postfix = await PostfixInstance.StartAsync(sink.Port, accounts.PrepareAsync, accounts.Settings);
        using var home = new GatewayHome();
        Configure(home, postfix.Port, mechanism, Password);
        await using var gateway = await GatewayProcess.StartAsync(home);
        await using var dialog = await gateway.DialogAsync();

        (await dialog.CommandAsync("MAIL FROM:<alice@example.com> RET=HDRS ENVID=order-42")).Code.ShouldBe(250);
        (await dialog.CommandAsync("RCPT TO:<bob@example.net> NOTIFY=SUCCESS")).Code.ShouldBe(250);
        (await dialog.CommandAsync("DATA")).Code.ShouldBe(354);
        await dialog.WriteAsync(Lines.Message("alice@example.com"));
        (await dialog.CommandAsync(".")).Code.ShouldBe(250);

        // The sink offers no DSN, so the report of success is the last server's to write that does: Postfix's, and its alone.
        var messages = await sink.ReceivesAsync(2);
        messages.Single(message => message.From == "alice@example.com").Recipients.ShouldBe(["bob@example.net"]);
        var report = Encoding.UTF8.GetString(messages.Single(message => message.From.Length == 0).Content);
        report.ShouldContain("Original-Envelope-Id: order-42");
        report.ShouldContain("Reporting-MTA: dns; relay.example.org");
        (await gateway.TerminateAsync()).ShouldBe(0, gateway.Log);
        await Eventually.TrueAsync(() => postfix.Log.Contains("disconnect from", StringComparison.Ordinal));
        postfix.Log.ShouldContain($"sasl_method={used}, sasl_username=gateway");
        postfix.Log.ShouldContain("TLS connection established");
        postfix.Log.ShouldContain(" bdat=1 ", customMessage: "it offers CHUNKING");
        sink.Messages.Count.ShouldBe(2);
    }

    [PostfixFact]
    public async Task A_wrong_password_keeps_the_mail_with_an_alarm_and_a_right_one_in_its_file_sends_it_without_a_restart()
    {
        await using var sink = new CollectingNextHop();
        using var accounts = await PostfixAccounts.MakeAsync("gateway", Password, "PLAIN LOGIN");
        await using var postfix = await PostfixInstance.StartAsync(sink.Port, accounts.PrepareAsync, accounts.Settings);
        using var home = new GatewayHome();
        Configure(home, postfix.Port, "auto", "outdated secret");
        await using var gateway = await GatewayProcess.StartAsync(home);

        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await gateway.LogsAsync("gets no mail");
        gateway.Log.ShouldContain("535 5.7.8");
        sink.Messages.ShouldBeEmpty();
        home.Write("relay.password", Password + "\n");

        await sink.ReceivesAsync(1);
        gateway.Log.ShouldNotContain("outdated secret");
        gateway.Log.ShouldNotContain(Password);
    }

    private static void Configure(GatewayHome home, int port, string mechanism, string password)
    {
        home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Root));
        home.Write("relay.password", password + "\n");
        home.Configure(Members.Join(
            Members.Senders,
            $$"""
            "routes": [{ "recipients": "*", "hosts": "127.0.0.1:{{port}}", "tls": "required", "trust": { "roots": "root.pem" },
              "authentication": { "mechanism": "{{mechanism}}", "user": "gateway", "password": { "file": "relay.password" } } }],
            "queue": { "retry": ["1s"] },
            "rules": [{ "name": "all", "pass": true }]
            """));
    }
}
