using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>What spammers try at every mail server they find: none of it gets a stranger's mail through.</summary>
public sealed class OpenRelayTests : IDisposable
{
    private readonly GatewayHome _home = new();

    public void Dispose() => _home.Dispose();

    public static TheoryData<string, string> Forms => new()
    {
        { "<spam@spam.example>", "<victim@example.net>" },
        { "<spam@spam.example>", "victim@example.net" },
        { "<>", "<victim@example.net>" },
        { "<spam>", "<victim@example.net>" },
        { "<alice@example.com>", "<victim@example.net>" },
        { "<postmaster@gateway.example.com>", "<victim@example.net>" },
        { "<spam@localhost>", "<victim@example.net>" },
        { "<spam@[127.0.0.1]>", "<victim@example.net>" },
        { "<spam@spam.example>", "<victim%example.net@gateway.example.com>" },
        { "<spam@spam.example>", "<victim%example.net@[127.0.0.1]>" },
        { "<spam@spam.example>", "<victim%example.net>" },
        { "<spam@spam.example>", "<\"victim@example.net\">" },
        { "<spam@spam.example>", "<\"victim%example.net\"@gateway.example.com>" },
        { "<spam@spam.example>", "<\"victim@example.net\"@gateway.example.com>" },
        { "<spam@spam.example>", "<\"victim@example.net\"@[127.0.0.1]>" },
        { "<spam@spam.example>", "<victim@example.net@gateway.example.com>" },
        { "<spam@spam.example>", "<@gateway.example.com:victim@example.net>" },
        { "<spam@spam.example>", "<@[127.0.0.1],@gateway.example.com:victim@example.net>" },
        { "<spam@spam.example>", "<example.net!victim>" },
        { "<spam@spam.example>", "<example.net!victim@gateway.example.com>" },
        { "<spam@spam.example>", "<gateway.example.com!example.net!victim>" },
        { "<spam@spam.example>", "<victim@[93.184.216.34]>" },
        { "<spam@spam.example>", "<victim@example.net.>" },
        { "<spam@spam.example> AUTH=<alice@example.com>", "<victim@example.net>" },
        { "<spam@spam.example> SIZE=100 BODY=8BITMIME", "<victim@example.net> NOTIFY=NEVER" },
    };

    [Fact]
    public async Task Nothing_is_relayed_for_a_stranger_in_whatever_form()
    {
        var plain = _home.Port;
        var offered = Loopback.FreePort();
        TestPki.WritePem(_home.Folder + "/gateway.pem", TestServers.Server("gateway.example.com"));
        _home.Configure(
            Members.Join("\"senders\": [{ \"address\": \"*\" }]", Members.Outbox),
            listeners: $$"""
                { "name": "internal", "endpoint": "127.0.0.1:{{plain}}", "clients": ["10.0.0.0/8"], "limits": { "errors": 1000 } },
                { "name": "submission", "endpoint": "127.0.0.1:{{offered}}", "clients": ["10.0.0.0/8"], "limits": { "errors": 1000 },
                  "tls": { "mode": "offered", "certificate": "gateway.pem" }, "authentication": { "mode": "offered" } }
                """);
        await using var gateway = await GatewayProcess.StartAsync(_home);
        var relayed = new List<string>();
        foreach (var port in new[] { plain, offered })
        {
            await using var dialog = await RawSmtpDialog.GreetAsync(port);
            foreach (var form in Forms)
            {
                if (await TryAsync(dialog, (string)form[0], (string)form[1]))
                {
                    relayed.Add($"{port}: {form[0]} to {form[1]}");
                }
            }
        }

        relayed.ShouldBeEmpty();
        (await gateway.TerminateAsync()).ShouldBe(0);
        gateway.Log.ShouldContain("Stopped, with 0 message(s)");
        _home.OutboxMessages().ShouldBeEmpty();
    }

    // Goes on whatever the server says, as one who hopes that it loses track.
    private static async Task<bool> TryAsync(RawSmtpDialog dialog, string from, string to)
    {
        await dialog.CommandAsync("RSET");
        var mail = await dialog.CommandAsync("MAIL FROM:" + from);
        var rcpt = await dialog.CommandAsync("RCPT TO:" + to);
        var data = await dialog.CommandAsync("DATA");
        data.Code.ShouldNotBe(354);
        await dialog.WriteAsync(Encoding.ASCII.GetBytes("BDAT 22 LAST\r\nSubject: spam\r\n\r\nbuy\r\n"));
        var chunk = await dialog.ReadAsync();
        return mail.Code < 500 || rcpt.Code < 500 || chunk.Code < 500;
    }
}
