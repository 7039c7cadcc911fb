using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>One mailbox, in whatever form client and administrator write it: one decision, and the envelope travels as it came.</summary>
public sealed class AddressFormTests
{
    private static readonly string[] Forms =
    [
        "info@müller.example", "INFO@MÜLLER.Example", "info@xn--mller-kva.example", "Info@XN--MLLER-KVA.EXAMPLE", "info@mu\u0308ller.example",
        "info@müller\u3002example", "info@mÜller\uFF0Eexample", "info@ｍüller\uFF61ｅxample", "info@müller.example.", "\"info\"@xn--mller-kva.example",
        "\"\\i\\nfo\"@müller.example", "info@mül\u00ADler.example", "@relay.example:info@müller.example",
    ];

    [Theory]
    [InlineData("*@müller.example")]
    [InlineData("info@XN--MLLER-KVA.example")]
    [InlineData("\\\"info\\\"@MU\u0308LLER\u3002example.")]
    [InlineData("i?fo@m?ller.example")]
    [InlineData("*@m*.example")]
    [InlineData("*@xn--mller*")]
    public async Task Explain_tells_one_decision_for_all_forms_of_a_recipient_and_of_a_sender(string pattern)
    {
        using var home = new PartnerHome(
            $$"""
            { "name": "to", "when": { "recipient": "{{pattern}}" }, "encrypt": { "to": "folder" } },
            { "name": "from", "when": { "sender": "{{pattern}}" }, "sign": { "with": "office" } }
            """);

        // A command line takes what begins with an at sign for a file.
        string[] forms = [.. Forms.Where(form => form[0] != '@')];
        (await ExplainAsync(home, "alice@example.com", forms)).ShouldBe(Enumerable.Repeat("to", 12));
        (await ExplainAsync(home, "alice@example.com", ["info@muler.org", "info@mueller.org"])).ShouldAllBe(rule => rule == "(otherwise)");
        foreach (var sender in forms.Where((_, position) => position % 4 == 0))
        {
            (await ExplainAsync(home, sender, ["bob@other.org"])).ShouldBe(["from"], sender);
        }
    }

    [Fact]
    public async Task Explain_decides_nothing_about_an_address_that_the_gateway_refuses()
    {
        using var home = new PartnerHome();

        var run = await home.RunAsync("explain", "--from", "alice@example.com", "--to", "\u212Aim@example.net");

        run.ExitCode.ShouldNotBe(0);
        run.Text.ShouldContain("is not an address");
    }

    [Fact]
    public async Task Mail_to_every_form_is_encrypted_by_one_rule_and_the_address_travels_as_it_came()
    {
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop();
        home.Configure(Members.Join(
            Members.Senders,
            Members.OfficeAndPartners(home, TestPki.Issue("alice@example.com"), TestPki.Issue("info@xn--mller-kva.example")),
            """
            "rules": [{ "name": "enc", "when": { "recipient": "*@müller.example" }, "encrypt": { "to": ["partners"], "includeSender": false } }]
            """,
            Members.Relay(nextHop.Port)));
        await using var gateway = await GatewayProcess.StartAsync(home);
        await using var dialog = await gateway.DialogAsync();

        foreach (var form in Forms)
        {
            var reply = await dialog.SendAsync("alice@example.com", [form], Lines.Message("alice@example.com"), " SMTPUTF8");

            reply.Code.ShouldBe(250, $"{form}: {reply.Text}");
        }

        var messages = await nextHop.ReceivesAsync(Forms.Length);
        messages.ShouldAllBe(message => message.Field("Content-Type")!.Contains("enveloped-data", StringComparison.Ordinal));
        messages.SelectMany(message => message.Recipients).Order(StringComparer.Ordinal)
            .ShouldBe(Forms.Select(AsSent).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Forms_that_everybody_takes_are_taken_and_travel_as_the_grammar_asks()
    {
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop();
        home.Configure(Members.Join(Members.Senders, "\"rules\": [{ \"name\": \"all\", \"pass\": true }]", Members.Relay(nextHop.Port)));
        await using var gateway = await GatewayProcess.StartAsync(home);
        await using var dialog = await gateway.DialogAsync();

        (await dialog.CommandAsync("MAIL FROM:alice@example.com SMTPUTF8")).Code.ShouldBe(250);
        (await dialog.CommandAsync("RCPT TO:bob@partner.example")).Code.ShouldBe(250);
        (await dialog.CommandAsync("RCPT TO:<a..b@docomo.example>")).Code.ShouldBe(250);
        (await dialog.CommandAsync("RCPT TO:<ab.@docomo.example.>")).Code.ShouldBe(250);
        (await dialog.CommandAsync("RCPT TO:<jörg@partner.example> ORCPT=rfc822;j+C3+B6rg@partner.example")).Code.ShouldBe(250);
        (await dialog.CommandAsync("RCPT TO:<\u212Aim@partner.example>")).Text.ShouldStartWith("553 5.1.3 ");
        (await dialog.CommandAsync("DATA")).Code.ShouldBe(354);
        await dialog.WriteAsync(DotStuffing.Stuff(Lines.Message("alice@example.com")));
        (await dialog.ReadAsync()).Code.ShouldBe(250);
        (await dialog.CommandAsync("MAIL FROM:<\u212Aim@example.com> SMTPUTF8")).Text.ShouldStartWith("553 5.1.7 ");

        var messages = await nextHop.ReceivesAsync(1);
        messages.SelectMany(message => message.Recipients).ShouldBe(
            ["bob@partner.example", "\"a..b\"@docomo.example", "\"ab.\"@docomo.example", "jörg@partner.example"], ignoreOrder: true);
    }

    // Routes, quotes that need not be, and the dot of the root are notation of the command, and left out.
    private static string AsSent(string form)
    {
        var plain = form[(form.IndexOf(':', StringComparison.Ordinal) + 1)..].TrimEnd('.');
        return plain.StartsWith('"') ? "info" + plain[plain.LastIndexOf('@')..] : plain;
    }

    private static async Task<IReadOnlyList<string?>> ExplainAsync(PartnerHome home, string from, string[] to)
    {
        var run = await home.RunAsync(["explain", "--json", "--from", from, "--to", .. to]);
        run.ExitCode.ShouldBe(0, run.Text);
        using var json = JsonDocument.Parse(run.Output);
        return [.. json.RootElement.GetProperty("recipients").EnumerateArray().Select(recipient => recipient.GetProperty("decision").GetString())];
    }
}
