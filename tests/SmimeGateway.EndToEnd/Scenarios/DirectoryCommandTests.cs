using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What an administrator asks about partners' certificates, and gets answered by the real executable.</summary>
public sealed class DirectoryCommandTests : IDisposable
{
    private readonly PartnerHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Lookup_tells_which_certificates_are_taken_and_why_the_others_are_not()
    {
        _home.Partner("bob@example.net");
        File.WriteAllText(_home.PartnerFolder + "/old.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Expired("bob@example.net"))));

        var run = await _home.RunAsync("directory", "lookup", "bob@example.net", "--json");

        run.ExitCode.ShouldBe(0, run.Text);
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("taken").GetInt32().ShouldBe(1);
        var certificates = json.RootElement.GetProperty("certificates").EnumerateArray().ToList();
        certificates.Count.ShouldBe(2);
        certificates[0].GetProperty("isTaken").GetBoolean().ShouldBeTrue();
        certificates[1].GetProperty("isTaken").GetBoolean().ShouldBeFalse();
        certificates[1].GetProperty("reason").GetString()!.ShouldContain("expired");
    }

    [Fact]
    public async Task Lookup_says_no_for_somebody_unknown()
    {
        _home.Partner("bob@example.net");

        var run = await _home.RunAsync("directory", "lookup", "eve@example.net");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Output.ShouldContain("folder: no certificate names the address");
        run.Output.ShouldContain("Mail to eve@example.net cannot be encrypted.");
    }

    [Fact]
    public async Task List_shows_every_partner_with_the_days_left_and_cert_list_shows_own_ones_too()
    {
        _home.Partner("bob@example.net");

        var directory = await _home.RunAsync("directory", "list");
        var all = await _home.RunAsync("cert", "list");
        var partners = await _home.RunAsync("cert", "list", "--kind", "partner");

        directory.ExitCode.ShouldBe(0, directory.Text);
        directory.Output.ShouldContain("1 certificate(s), 1 of them can be encrypted to.");
        all.Output.ShouldContain("alice@example.com");
        all.Output.ShouldContain("bob@example.net");
        partners.Output.ShouldContain("bob@example.net");
        partners.Output.ShouldNotContain("alice@example.com");
    }

    [Fact]
    public async Task Import_puts_certificates_into_the_folder_and_never_a_key()
    {
        var sent = _home.Folder + "/carol.pfx";
        TestPki.WriteP12(sent, "secret", [TestPki.Issue("carol@example.net"), .. TestPki.Chain]);
        File.WriteAllText(_home.Folder + "/carol.password", "secret");

        var run = await _home.RunAsync("cert", "import", sent);
        var again = await _home.RunAsync("cert", "import", sent);
        var lookup = await _home.RunAsync("directory", "lookup", "carol@example.net");

        run.ExitCode.ShouldBe(0, run.Text);
        again.ExitCode.ShouldBe(2, again.Text);
        again.Errors.ShouldContain("--replace");
        lookup.ExitCode.ShouldBe(0, lookup.Text);
        Directory.GetFiles(_home.PartnerFolder).Select(Path.GetFileName).ShouldBe(["carol.pem"]);
        File.ReadAllText(_home.PartnerFolder + "/carol.pem").ShouldNotContain("PRIVATE KEY");
    }

    [Fact]
    public async Task Import_refuses_what_is_no_certificate()
    {
        var sent = _home.Folder + "/nonsense.cer";
        File.WriteAllText(sent, "Dear administrator, please find attached");

        var run = await _home.RunAsync("cert", "import", sent);

        run.ExitCode.ShouldBe(1, run.Text);
        run.Errors.ShouldContain("Nothing was imported");
        Directory.GetFiles(_home.PartnerFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Export_writes_a_certificate_that_others_read()
    {
        var file = _home.Folder + "/alice.pem";

        var run = await _home.RunAsync("cert", "export", "alice@example.com", "--out", file);

        run.ExitCode.ShouldBe(0, run.Text);
        var read = await Tool.MustAsync("openssl", ["x509", "-in", file, "-noout", "-email"]);
        read.Output.ShouldContain("alice@example.com");
        File.ReadAllText(file).ShouldNotContain("PRIVATE KEY");
    }

    [Fact]
    public async Task Check_warns_of_recipients_whom_a_rule_names_and_who_have_no_certificate()
    {
        using var home = new PartnerHome(
            "{ \"name\": \"board\", \"when\": { \"recipient\": [\"bob@example.net\", \"eve@example.net\"] }, "
            + "\"sign\": { \"with\": \"office\" }, \"encrypt\": { \"to\": \"folder\", \"whenMissing\": \"hold\" } }");
        home.Partner("bob@example.net");

        var run = await home.RunAsync("check", "--json");

        run.ExitCode.ShouldBe(0, run.Text);
        using var json = JsonDocument.Parse(run.Output);
        var findings = json.RootElement.GetProperty("findings").EnumerateArray()
            .ToLookup(finding => finding.GetProperty("subject").GetString()!, finding => (
                Severity: finding.GetProperty("severity").GetString(), Text: finding.GetProperty("text").GetString()!));
        findings["rule \"board\": bob@example.net"].ShouldHaveSingleItem().Severity.ShouldBe("good");
        findings["rule \"board\": eve@example.net"].ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe("warning"),
            finding => finding.Text.ShouldContain("waits for a certificate"));
        findings.ShouldContain(entry => entry.Key.StartsWith("encryption.holdKey", StringComparison.Ordinal));
        Directory.Exists(home.Gateway.DataFolder).ShouldBeFalse("a check changes nothing");
    }

    [Fact]
    public async Task A_running_gateway_tells_the_log_of_a_file_that_it_cannot_read_and_takes_the_next_one()
    {
        await using var gateway = await GatewayProcess.StartAsync(_home.Gateway);

        File.WriteAllText(_home.PartnerFolder + "/bob.cer", "no certificate");

        await gateway.LogsAsync("certificates.partners \"folder\": " + _home.PartnerFolder + "/bob.cer");
        _home.Partner("bob@example.net");
        await Eventually.TrueAsync(async () =>
            (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code == 250);
    }
}
