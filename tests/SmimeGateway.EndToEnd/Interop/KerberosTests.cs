using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>Logging in by Kerberos to a Postfix with Cyrus SASL, in a realm of its own.</summary>
public sealed class KerberosTests
{
    [KerberosTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_gateway_logs_in_by_a_password_or_by_the_keys_of_its_account(bool byPassword)
    {
        await using var realm = await KerberosRealm.StartAsync();
        await using var sink = new CollectingNextHop();
        await using var postfix = await StartPostfixAsync(realm, sink.Port);
        using var home = new GatewayHome();
        Configure(home, postfix.Port, byPassword ? KerberosRealm.Password : null);
        await using var gateway = await GatewayProcess.StartAsync(
            home, "env", realm.Environment, $"KRB5CCNAME=FILE:{home.Folder}/tickets", $"KRB5_CLIENT_KTNAME={realm.UserKeys}");

        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);

        await sink.ReceivesAsync(1);
        await Eventually.TrueAsync(() => postfix.Log.Contains($"sasl_method=GSSAPI, sasl_username={(byPassword ? "gateway" : "robot")}", StringComparison.Ordinal), wanted: postfix.Log);
        gateway.Log.ShouldNotContain(KerberosRealm.Password);
    }

    [KerberosTheory]
    [InlineData("wrong", "takes no user and password")]
    [InlineData(null, "Kerberos")]
    public async Task Without_a_ticket_the_mail_waits_with_a_sentence_and_leaves_when_there_is_one(string? password, string sentence)
    {
        await using var realm = await KerberosRealm.StartAsync();
        await using var sink = new CollectingNextHop();
        await using var postfix = await StartPostfixAsync(realm, sink.Port);
        using var home = new GatewayHome();
        Configure(home, postfix.Port, password);
        await using var gateway = await GatewayProcess.StartAsync(home, "env", realm.Environment, $"KRB5CCNAME=FILE:{home.Folder}/tickets", $"KRB5_CLIENT_KTNAME={home.Folder}/later.keytab");

        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await gateway.LogsAsync("Logging in to the next hop by GSSAPI");
        gateway.Log.ShouldContain(sentence);
        gateway.Log.ShouldNotContain("unexpected error");
        sink.Messages.ShouldBeEmpty();

        home.Write("relay.password", KerberosRealm.Password + "\n");
        File.Copy(realm.UserKeys, home.Folder + "/later.keytab");
        await sink.ReceivesAsync(1);
    }

    private static Task<PostfixInstance> StartPostfixAsync(KerberosRealm realm, int sinkPort) => PostfixInstance.StartAsync(
        sinkPort,
        async queue =>
        {
            var folder = Directory.CreateDirectory(Path.Combine(queue, "..", "conf", "sasl")).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "smtpd.conf"), $"mech_list: GSSAPI\nkeytab: {realm.ServiceKeys}\n");
        },
        $"""
        myhostname = localhost
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_path = smtpd
        smtpd_sasl_security_options = noanonymous
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME {realm.Environment} KRB5_KTNAME={realm.ServiceKeys} KRB5RCACHENAME=none:
        """);

    private static void Configure(GatewayHome home, int port, string? password)
    {
        if (password is not null)
        {
            home.Write("relay.password", password + "\n");
        }

        var secret = password is null ? string.Empty : $", \"user\": \"{KerberosRealm.User}\", \"password\": {{ \"file\": \"relay.password\" }}";
        home.Configure(Members.Join(
            Members.Senders,
            $$"""
            "routes": [{ "recipients": "*", "hosts": "localhost:{{port}}", "tls": "off",
              "authentication": { "mechanism": "gssapi"{{secret}} } }],
            "queue": { "retry": ["1s"] },
            "rules": [{ "name": "all", "pass": true }]
            """));
    }
}
