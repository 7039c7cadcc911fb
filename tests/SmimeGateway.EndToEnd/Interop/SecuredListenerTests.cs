using System.Text;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>Listeners with TLS and logins, before clients that were written by others: Postfix with Cyrus SASL, OpenSSL, Python.</summary>
public sealed class SecuredListenerTests : IDisposable
{
    private const string Password = "correct-horse-battery";
    private readonly GatewayHome _home = new();
    private readonly int _implicitPort = Loopback.FreePort();

    public SecuredListenerTests()
    {
        TestPki.WritePem(_home.Folder + "/gateway.pem", TestServers.Server("gateway.example.com"), chain: TestPki.Chain);
        _home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Root));
    }

    public void Dispose() => _home.Dispose();

    [PostfixTheory]
    [InlineData("plain")]
    [InlineData("login")]
    [InlineData("scram-sha-256")]
    public async Task Postfix_relays_with_TLS_and_a_login_and_nobody_can_read_along(string mechanism)
    {
        await ConfigureAsync("required", "required");
        await using var gateway = await GatewayProcess.StartAsync(_home);
        await using var wire = new RecordingProxy(_home.Port);
        await using var postfix = await PostfixInstance.StartAsync(wire.Port, settings: Settings(wire.Port, mechanism, Password));
        await using var dialog = await RawSmtpDialog.GreetAsync(postfix.Port);

        (await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com", body: "the plan is secret\n"))).Code.ShouldBe(250);

        await Eventually.TrueAsync(() => _home.OutboxMessages().Count == 1);
        var text = Encoding.UTF8.GetString(_home.OutboxMessages()[0]);
        text.ShouldContain("with ESMTPSA id");
        text.ShouldContain("(using TLSv1.3 with cipher TLS_");
        text.ShouldContain("the plan is secret");
        text.ShouldNotContain("postfixuser");
        var tape = string.Concat(wire.Connections.Select(connection => Encoding.Latin1.GetString(connection.FromClient) + Encoding.Latin1.GetString(connection.FromServer)));
        tape.ShouldContain("STARTTLS\r\n");
        foreach (var secret in new[] { "MAIL FROM", "AUTH PLAIN", "alice@example.com", "secret", "postfixuser", Password, Convert.ToBase64String(Encoding.ASCII.GetBytes(Password)) })
        {
            tape.ShouldNotContain(secret);
        }
    }

    [PostfixFact]
    public async Task With_a_wrong_password_nothing_gets_through()
    {
        await ConfigureAsync("required", "required");
        await using var gateway = await GatewayProcess.StartAsync(_home);
        await using var postfix = await PostfixInstance.StartAsync(_home.Port, settings: Settings(_home.Port, "plain", "wrong"));
        await using var dialog = await RawSmtpDialog.GreetAsync(postfix.Port);

        (await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com"))).Code.ShouldBe(250);

        await Eventually.TrueAsync(() => postfix.Log.Contains("SASL authentication failed", StringComparison.Ordinal));
        await gateway.LogsAsync("failed to log in as postfixuser");
        _home.OutboxMessages().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_in_Python_logs_in_over_STARTTLS_and_over_implicit_TLS_and_not_in_plain_text()
    {
        await ConfigureAsync("offered", "offered", clients: "10.0.0.0/8");
        await using var gateway = await GatewayProcess.StartAsync(_home);

        var run = await Tool.RunAsync("python3", ["-c", Script, $"{_home.Port}", $"{_implicitPort}", _home.Folder + "/root.pem", Password]);

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.Trim().ShouldBe("plain: no AUTH PLAIN, 530\nstarttls PLAIN: sent\nstarttls LOGIN: sent\nimplicit PLAIN: sent\nwrong: 535\nother sender: 550");
        await Eventually.TrueAsync(() => _home.OutboxMessages().Count == 3);
    }

    [Fact]
    public async Task Each_listener_has_settings_of_its_own()
    {
        await ConfigureAsync("required", "off");
        await using var gateway = await GatewayProcess.StartAsync(_home);
        await using var dialog = await gateway.DialogAsync();
        var hello = await dialog.CommandAsync("EHLO c");

        hello.Text.ShouldContain("STARTTLS");
        hello.Text.ShouldNotContain("AUTH");
        (await dialog.CommandAsync("MAIL FROM:<alice@example.com>")).Text.ShouldStartWith("530 5.7.0");
        (await OpenSslAsync(_home.Port, "-starttls", "smtp")).ShouldContain("250-SIZE 50000000");
        var other = await OpenSslAsync(_implicitPort);
        other.ShouldContain("250-SIZE 1000000");
        other.ShouldContain("AUTH ");
        other.ShouldNotContain("250-STARTTLS");
    }

    [Fact]
    public async Task A_renewed_certificate_is_presented_without_a_restart_and_a_broken_one_is_not()
    {
        await ConfigureAsync("offered", "off");
        await using var gateway = await GatewayProcess.StartAsync(_home);
        (await OpenSslAsync(_home.Port, "-starttls", "smtp")).ShouldContain("subject=CN = gateway.example.com");

        TestPki.WritePem(_home.Folder + "/gateway.pem", TestServers.Server("new.example.com", KeyKind.EcP256), chain: TestPki.Chain);
        await Eventually.TrueAsync(async () => (await OpenSslAsync(_home.Port, "-starttls", "smtp")).Contains("subject=CN = new.example.com", StringComparison.Ordinal));
        _home.Write("gateway.pem", "-----BEGIN CERTIFICATE-----\nhalf");
        await Eventually.TrueAsync(async () =>
        {
            (await OpenSslAsync(_home.Port, "-starttls", "smtp")).ShouldContain("subject=CN = new.example.com");
            return gateway.Log.Contains("Until then CN=new.example.com is presented", StringComparison.Ordinal);
        });
    }

    // What goes out is one line after the other, each after its reply: openssl has no notion of SMTP after STARTTLS.
    private static async Task<string> OpenSslAsync(int port, params string[] options) => (await Tool.RunAsync(
        "openssl", ["s_client", "-connect", $"127.0.0.1:{port}", .. options, "-crlf", "-ign_eof"], "EHLO c\nQUIT\n"u8.ToArray(), deadline: TimeSpan.FromSeconds(20))).Output;

    private async Task ConfigureAsync(string tls, string authentication, string clients = "127.0.0.0/8")
    {
        _home.Configure(
            Members.Join("\"senders\": [{ \"address\": \"*@example.com\", \"users\": [\"postfixuser\"] }, { \"address\": \"free@example.com\" }]", Members.Outbox),
            listeners: $$"""
                { "name": "internal", "endpoint": "127.0.0.1:{{_home.Port}}", "clients": ["{{clients}}"],
                  "tls": { "mode": "{{tls}}", "certificate": "gateway.pem" }, "authentication": { "mode": "{{authentication}}" } },
                { "name": "submission", "endpoint": "127.0.0.1:{{_implicitPort}}", "clients": ["10.0.0.0/8"], "limits": { "messageSize": "1MB" },
                  "tls": { "mode": "implicit", "certificate": "gateway.pem", "minimumVersion": "1.3" }, "authentication": { "mode": "offered" } }
                """);
        var run = await Tool.RunAsync(
            Repository.GatewayExecutable, ["user", "add", "postfixuser", "--listener", "submission", "--config", _home.ConfigurationFile], Encoding.UTF8.GetBytes(Password + "\n"));
        run.ExitCode.ShouldBe(0, run.Text);
    }

    private string Settings(int port, string mechanism, string password) => $"""
        smtp_tls_security_level = secure
        smtp_tls_secure_cert_match = gateway.example.com
        smtp_tls_CAfile = {_home.Folder}/root.pem
        smtp_sasl_auth_enable = yes
        smtp_sasl_password_maps = inline:{"{"} [127.0.0.1]:{port}=postfixuser:{password} {"}"}
        smtp_sasl_security_options = noanonymous
        smtp_sasl_mechanism_filter = {mechanism}
        """;

    private const string Script = """
        import smtplib, ssl, sys
        port, tls_port, root, password = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
        context = ssl.create_default_context(cafile=root)
        context.check_hostname = False
        mail = "From: alice@example.com\r\nTo: bob@example.net\r\nSubject: x\r\n\r\nhello\r\n"

        def send(smtp, name, user_auth):
            smtp.ehlo("client.example.com")
            smtp.user, smtp.password = "postfixuser", password
            smtp.auth(name, user_auth)
            smtp.sendmail("alice@example.com", ["bob@example.net"], mail)
            smtp.quit()

        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.ehlo("c")
            offered = smtp.esmtp_features.get("auth", "")
            code, _ = smtp.docmd("MAIL FROM:<alice@example.com>")
            print("plain:", "AUTH PLAIN" if "PLAIN" in offered.split() else "no AUTH PLAIN,", code)
        for name in ("PLAIN", "LOGIN"):
            smtp = smtplib.SMTP("127.0.0.1", port)
            smtp.starttls(context=context)
            send(smtp, name, smtp.auth_plain if name == "PLAIN" else smtp.auth_login)
            print("starttls", name + ": sent")
        smtp = smtplib.SMTP_SSL("127.0.0.1", tls_port, context=context)
        send(smtp, "PLAIN", smtp.auth_plain)
        print("implicit PLAIN: sent")
        smtp = smtplib.SMTP_SSL("127.0.0.1", tls_port, context=context)
        try:
            smtp.login("postfixuser", "wrong")
        except smtplib.SMTPAuthenticationError as error:
            print("wrong:", error.smtp_code)
        smtp = smtplib.SMTP_SSL("127.0.0.1", tls_port, context=context)
        smtp.login("postfixuser", password)
        try:
            smtp.sendmail("alice@example.org", ["bob@example.net"], mail.replace("example.com", "example.org"))
        except smtplib.SMTPException as error:
            print("other sender:", getattr(error, "smtp_code", error))
        """;
}
