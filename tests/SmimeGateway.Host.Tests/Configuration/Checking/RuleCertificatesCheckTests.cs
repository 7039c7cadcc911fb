using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Locating;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class RuleCertificatesCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_that_cannot_sign_as_a_rule_asks_is_told_with_the_reason_though_nobody_is_named()
    {
        using var key = RSA.Create(1024);
        var request = new CertificateRequest("CN=Alice", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName("alice@example.com"));
        using var certificate = request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
        TestPki.WritePem(_folder["alice.pem"], certificate);

        var warning = (await CheckAsync("*@example.com", RsaPadding.Pss)).ShouldHaveSingleItem();

        warning.Severity.ShouldBe(CheckSeverity.Warning);
        warning.Text.ShouldStartWith("The key cannot sign as the rule asks: its RSA key of 1024 bits is too short for PSS with SHA-512, which needs 1034");
        (await CheckAsync("*@example.com", RsaPadding.Pkcs1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_that_know_no_padding_are_told_where_a_rule_asks_for_one()
    {
        TestPki.WritePem(_folder["alice.pem"], TestPki.Issue("alice@example.com", KeyKind.EcP256));

        (await CheckAsync("*@example.com", RsaPadding.Pss)).ShouldHaveSingleItem().Text.ShouldContain("PSS, which is a padding of RSA alone: 1 certificate(s)");
    }

    [Theory]
    [InlineData(WhenCertificateMissing.Pass)]
    [InlineData(WhenCertificateMissing.Reject)]
    public async Task A_file_that_cannot_be_read_makes_the_named_sender_wait_and_is_an_error(WhenCertificateMissing whenMissing)
    {
        File.WriteAllText(_folder["alice.pem"], "-----BEGIN CERTIFICATE-----\n");

        var finding = (await CheckAsync("alice@example.com", RsaPadding.Pkcs1, whenMissing)).ShouldHaveSingleItem();

        finding.Severity.ShouldBe(CheckSeverity.Error);
        finding.Text.ShouldEndWith("Until all of its sources can be read, the sender of mail that matches the rule is told to try again later (451 4.4.3).");
    }

    [Theory]
    [InlineData(WhenCertificateMissing.Pass, false, "goes out unsigned.")]
    [InlineData(WhenCertificateMissing.Reject, true, "is refused.")]
    [InlineData(WhenCertificateMissing.Defer, true, "is told to try again later (451).")]
    public async Task A_rule_whose_sources_can_sign_for_nobody_is_told_with_what_it_means(WhenCertificateMissing whenMissing, bool isError, string consequence)
    {
        TestPki.WritePem(_folder["old.pem"], TestPki.Expired("alice@example.com"));
        TestPki.WritePem(_folder["early.pem"], TestPki.Issue("bob@example.com", notBefore: TestPki.Now.AddDays(1)));

        var finding = (await CheckAsync("*@example.com", RsaPadding.Pkcs1, whenMissing)).ShouldHaveSingleItem();

        finding.Severity.ShouldBe(isError ? CheckSeverity.Error : CheckSeverity.Warning);
        finding.Sentence.ShouldStartWith("rule \"sign\": Nobody can be signed for now: no certificate of staff is valid, for signing, and has a key that can be used.");
        finding.Text.ShouldEndWith(consequence);
        TestPki.WritePem(_folder["good.pem"], TestPki.Issue("carl@example.com"));
        (await CheckAsync("*@example.com", RsaPadding.Pkcs1, whenMissing)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("*@example.com", AuthorityKey.MlDsa, true)]
    [InlineData("*@*.com", AuthorityKey.MlDsa, true)]
    [InlineData("*@other.example", AuthorityKey.MlDsa, false)]
    [InlineData("*@example.com", AuthorityKey.Rsa2048, false)]
    public async Task An_authority_that_issues_for_no_sender_of_the_rule_makes_no_second_signature(string issueFor, AuthorityKey key, bool isGood)
    {
        var options = new GatewayOptions
        {
            Certificates = new CertificateOptions
            {
                Own =
                [
                    new OwnCertificateOptions { Name = "local", Authority = _folder["local"], IssueFor = ["*@example.com"] },
                    new OwnCertificateOptions { Name = "quantum", Authority = _folder["quantum"], IssueFor = [issueFor], IssueKeys = key },
                ],
            },
            Rules =
            [
                new RuleOptions
                {
                    Name = "sign",
                    When = new RuleConditions { Sender = ["*@example.com"] },
                    Sign = new SignOptions { With = ["local", "quantum"], Also = SecondSignature.MlDsa, WhenMissing = WhenCertificateMissing.Reject },
                },
            ],
        };
        await using var sources = OwnSources.Open(options.Certificates.Own, previous: null, _time);

        var findings = RuleCertificatesCheck.Check(options, sources, _time).Where(finding => finding.Severity != CheckSeverity.Good).ToList();

        findings.Count.ShouldBe(isGood ? 0 : 1);
        findings.ForEach(finding => finding.Sentence.ShouldBe(
            "rule \"sign\", second signature: Nobody can be signed for now: no certificate of local, quantum is valid, for signing, of ML-DSA, and has a key that can be used, "
            + "and no authority among them issues such a one for senders of the rule. Mail that matches the rule is refused."));
    }

    private async Task<IReadOnlyList<CheckFinding>> CheckAsync(
        string sender, RsaPadding padding, WhenCertificateMissing whenMissing = WhenCertificateMissing.Pass)
    {
        var options = new GatewayOptions
        {
            Certificates = new CertificateOptions { Own = [new OwnCertificateOptions { Name = "staff", Folder = _folder.Path }] },
            Rules =
            [
                new RuleOptions
                {
                    Name = "sign",
                    When = new RuleConditions { Sender = [sender] },
                    Sign = new SignOptions { With = ["staff"], Padding = padding, Digest = SignatureDigest.Sha512, WhenMissing = whenMissing },
                },
            ],
        };
        await using var sources = OwnSources.Open(options.Certificates.Own, previous: null, _time);
        return [.. RuleCertificatesCheck.Check(options, sources, _time)];
    }
}
