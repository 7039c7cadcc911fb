using SmimeGateway.Host.Configuration;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration;

public sealed class ConfigurationCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_configuration_with_errors_is_told_with_their_places_and_looked_at_no_further()
    {
        var findings = await CheckAsync(Sample.With("\"hostName\"", "\"hostname\""));

        var finding = findings.ShouldHaveSingleItem();
        finding.Severity.ShouldBe(CheckSeverity.Error);
        finding.PreventsStart.ShouldBeTrue();
        finding.Subject.ShouldEndWith("gateway.json:2:3: $.hostname");
        finding.Text.ShouldBe("this key is not known. Did you mean \"hostName\"?");
    }

    [Theory]
    [InlineData("$shema", "$schema")]
    [InlineData("$Schema", "$schema")]
    [InlineData("schema", "$schema")]
    [InlineData("listner", "listeners")]
    [InlineData("routs", "routes")]
    public async Task A_key_that_is_nearly_right_is_told_with_the_one_that_was_meant(string written, string meant)
    {
        var findings = await CheckAsync(Sample.With("\"hostName\"", $"\"{written}\": [], \"hostName\""));

        findings.ShouldContain(finding => finding.Text == $"this key is not known. Did you mean \"{meant}\"?");
    }

    [Fact]
    public async Task A_fresh_configuration_is_good_and_stays_fresh()
    {
        var findings = await CheckAsync(Sample.Json.Replace("../var", "var", StringComparison.Ordinal));

        findings.ShouldAllBe(finding => finding.Severity == CheckSeverity.Good);
        findings.ShouldContain(finding => finding.Subject == "certificates.own \"local\"" && finding.Text.StartsWith("The authority's root will be made", StringComparison.Ordinal));
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Each_certificate_is_listed_with_the_days_it_has_left()
    {
        TestPki.WriteP12(
            _folder["own.pfx"],
            "secret",
            TestPki.Issue("alice@example.com"),
            TestPki.Expired("bob@example.com"),
            TestPki.Issue("carl@example.com", notBefore: TestPki.Now.AddDays(1)));
        File.WriteAllText(_folder["own.password"], "secret\n");

        var findings = await CheckAsync(WithOwn("""{ "name": "local", "pkcs12": "own.pfx", "password": { "file": "own.password" } }"""));

        var days = (int)(TestPki.NotAfter - TestPki.Now).TotalDays;
        findings.ShouldContain(finding => finding.Subject == "local: alice@example.com"
            && finding.Severity == CheckSeverity.Good
            && finding.Text.StartsWith($"{days} day(s) left (RSA 2048, signs and encrypts", StringComparison.Ordinal));
        findings.ShouldContain(finding => finding.Subject == "local: bob@example.com"
            && finding.Severity == CheckSeverity.Warning
            && finding.Text.StartsWith("Expired on", StringComparison.Ordinal));
        findings.ShouldContain(finding => finding.Subject == "local: carl@example.com"
            && finding.Severity == CheckSeverity.Warning
            && finding.Text.StartsWith($"Not valid before {TestPki.Now.AddDays(1):yyyy-MM-dd HH:mm}Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_missing_and_a_wrong_password_are_errors()
    {
        TestPki.WriteP12(_folder["own.pfx"], "secret", TestPki.Issue("alice@example.com"));
        File.WriteAllText(_folder["own.password"], "wrong");

        var findings = await CheckAsync(WithOwn(
            """
            { "name": "local", "pkcs12": "own.pfx", "password": { "file": "own.password" } },
            { "name": "office", "pkcs12": "none.pfx" }
            """));

        // The third is the rule that signs with one of them, and refuses what it cannot sign.
        findings.Where(finding => finding.Severity == CheckSeverity.Error).Select(finding => finding.Subject.Split('"')[0]).Order(StringComparer.Ordinal)
            .ShouldBe(["certificates.own ", "certificates.own ", "rule "]);
        findings.ShouldContain(finding => finding.Subject == $"certificates.own \"local\": {_folder["own.pfx"]}");
        findings.ShouldContain(finding => finding.Subject == $"certificates.own \"office\": {_folder["none.pfx"]}");
    }

    [Fact]
    public async Task A_rule_for_a_sender_without_certificate_is_an_error_where_mail_would_be_refused()
    {
        TestPki.WriteP12(_folder["own.pfx"], "secret", TestPki.Issue("alice@example.com"));
        File.WriteAllText(_folder["own.password"], "secret");
        var json = WithOwn("""{ "name": "local", "pkcs12": "own.pfx", "password": { "file": "own.password" } }""").Replace(
            """{ "name": "sign", "when": { "sender": "*@example.com" }, "sign": { "with": "local" } }""",
            """
            { "name": "alice", "when": { "sender": "alice@example.com" }, "sign": { "with": "local" } },
            { "name": "bob", "when": { "sender": "bob@example.com" }, "sign": { "with": "local" } },
            { "name": "carol", "when": { "sender": "carol@example.com" }, "sign": { "with": "local", "whenMissing": "reject" } }
            """,
            StringComparison.Ordinal);

        var findings = await CheckAsync(json);

        findings.ShouldContain(finding => finding.Subject == "rule \"alice\": alice@example.com" && finding.Severity == CheckSeverity.Good);
        findings.ShouldContain(finding => finding.Subject == "rule \"bob\": bob@example.com" && finding.Severity == CheckSeverity.Warning);
        findings.ShouldContain(finding => finding.Subject == "rule \"carol\": carol@example.com" && finding.Severity == CheckSeverity.Error);
    }

    [Fact]
    public async Task A_root_that_cannot_be_read_is_an_error()
    {
        var findings = await CheckAsync(Sample.Json
            .Replace("../var", "var", StringComparison.Ordinal)
            .Replace("\"own\":", "\"trust\": { \"roots\": \"none.crt\" }, \"own\":", StringComparison.Ordinal));

        findings.Single(finding => finding.Severity == CheckSeverity.Error).Subject.ShouldBe($"certificates.trust: {_folder["none.crt"]}");
    }

    private static string WithOwn(string own) => Sample
        .With("""{ "name": "local", "authority": "ca", "issueFor": "*@example.com" }""", own)
        .Replace("../var", "var", StringComparison.Ordinal);

    private async Task<IReadOnlyList<CheckFinding>> CheckAsync(string json)
    {
        await File.WriteAllTextAsync(_folder["gateway.json"], json);
        var findings = await ConfigurationCheck.RunAsync(_folder["gateway.json"], _time, CancellationToken.None);
        findings.SelectMany(finding => SentenceFlaws.In($"{finding.Subject}: {finding.Text}")).ShouldBeEmpty();
        return findings;
    }
}
