using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Reports;

/// <summary>A report travels in the clear, whatever its message was: it gives back nothing that was protected, or should have been.</summary>
public sealed class DisclosureTests
{
    [Fact]
    public async Task The_content_comes_back_only_where_it_was_asked_for_and_nobody_wanted_it_protected()
    {
        await using var nextHop = new CollectingNextHop
        {
            ReplyToRecipient = address => address.EndsWith("@example.net", StringComparison.Ordinal) ? "550 5.1.1 no such user" : "250 2.1.5 fine",
        };
        using var home = new GatewayHome();
        home.Configure(Members.Join(
            Members.Senders,
            Members.Office(home, TestPki.Issue("signed@example.com")),
            Members.Relay(nextHop.Port),
            """
            "rules": [
              { "name": "sign", "when": { "sender": "signed@example.com" }, "sign": { "with": ["office"], "whenMissing": "reject" } },
              { "name": "opaque", "when": { "sender": "opaque@example.com" }, "sign": { "with": ["office"], "whenMissing": "pass", "form": "opaque" } },
              { "name": "pass", "when": { "sender": "*" }, "pass": true } ]
            """));
        await using var gateway = await GatewayProcess.StartAsync(home);

        await SendAsync(gateway, "signed@example.com", " RET=FULL");
        await SendAsync(gateway, "opaque@example.com", " RET=FULL");
        await SendAsync(gateway, "encrypted@example.com", " RET=FULL", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n");
        await SendAsync(gateway, "unasked@example.com", string.Empty);
        await SendAsync(gateway, "headers@example.com", " RET=HDRS");
        await SendAsync(gateway, "plain@example.com", " RET=FULL");

        var reports = (await nextHop.ReceivesAsync(6)).ToDictionary(message => message.Recipients.Single(), message => Encoding.UTF8.GetString(message.Content));
        reports.Values.ShouldAllBe(report => report.Contains("Subject: quarterly figures", StringComparison.Ordinal));
        reports.Where(report => report.Value.Contains("The secret", StringComparison.Ordinal)).Select(report => report.Key)
            .ShouldBe(["plain@example.com"]);
    }

    private static async Task SendAsync(GatewayProcess gateway, string from, string parameters, string fields = "")
    {
        var message = Lines.Crlf($"From: {from}\nTo: bob@example.net\nSubject: quarterly figures\n{fields}\nThe secret of the house.\n");
        await using var dialog = await gateway.DialogAsync();
        var reply = await dialog.SendAsync(from, ["bob@example.net"], message, parameters);
        reply.Code.ShouldBe(250, $"{from}: {reply.Text}");
    }
}
