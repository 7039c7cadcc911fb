using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Locating;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class IssuersCheckTests : IDisposable
{
    private static readonly X509Certificate2 Alice = TestPki.Issue("alice@example.com");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_certificate_whose_issuer_nobody_knows_is_warned_about()
    {
        var warning = (await CheckAsync([Alice], [], [])).ShouldHaveSingleItem();

        warning.Severity.ShouldBe(CheckSeverity.Warning);
        warning.Subject.ShouldBe("office: alice@example.com");
        warning.Text.ShouldStartWith("Its issuer CN=Test Intermediate is not known, so that signatures go out without it");
    }

    [Fact]
    public async Task A_chain_that_ends_before_the_root_is_warned_about()
        => (await CheckAsync([Alice], [], [TestPki.Intermediate])).ShouldHaveSingleItem().Text.ShouldStartWith("Its issuer CN=Test Root is not known");

    [Fact]
    public async Task A_chain_that_is_complete_causes_no_warning_wherever_its_issuers_lie()
    {
        (await CheckAsync([Alice], [TestPki.Root], [TestPki.Intermediate])).ShouldBeEmpty();
        (await CheckAsync([Alice, .. TestPki.Chain], [], [])).ShouldBeEmpty();
        (await CheckAsync([Alice, TestPki.Public(TestPki.Intermediate)], [TestPki.Root], [])).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_issuer_that_ended_is_named()
    {
        var (root, issuing) = (new TestAuthority("Root"), new TestAuthority("Issuing"));

        var warning = (await CheckAsync([issuing.Issue("alice@example.com")], [root.Root()], [root.Certify(issuing, to: TestPki.Now.AddDays(-10))])).ShouldHaveSingleItem();

        warning.Text.ShouldStartWith("Its issuer CN=Issuing is valid from 2024-01-01 to 2026-11-10, and no other is known");
    }

    [Fact]
    public async Task Rules_that_send_no_issuers_and_certificates_that_cannot_sign_cause_no_warning()
    {
        (await CheckAsync([Alice], [], [], ChainInclusion.None)).ShouldBeEmpty();
        (await CheckAsync([TestPki.EncryptionOnly("alice@example.com")], [], [])).ShouldBeEmpty();
        (await CheckAsync([TestPki.Expired("alice@example.com")], [], [])).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<CheckFinding>> CheckAsync(
        X509Certificate2[] file, X509Certificate2[] roots, X509Certificate2[] intermediates, ChainInclusion chain = ChainInclusion.WithoutRoot)
    {
        TestPki.WriteP12(_folder["own.pfx"], "secret", file);
        await File.WriteAllTextAsync(_folder["password"], "secret");
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            Rules = [new RuleOptions { Name = "sign", Sign = new SignOptions { With = ["office"], Chain = chain } }],
        };
        var own = new OwnCertificateOptions { Name = "office", Pkcs12 = _folder["own.pfx"], Password = new SecretOptions { File = _folder["password"] } };
        await using var sources = OwnSources.Open([own], previous: null, new ManualTimeProvider(TestPki.Now));
        return [.. IssuersCheck.Check(options, sources, new TrustStore(roots, intermediates), TestPki.Now)];
    }
}
