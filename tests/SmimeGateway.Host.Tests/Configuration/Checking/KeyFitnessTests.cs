using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Commands.Partners;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Locating;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

/// <summary>Whether mail can be encrypted to a key: the message, check and directory give the same answer.</summary>
public sealed class KeyFitnessTests : IDisposable
{
    private const string Bob = "bob@example.net";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int, KeyTransport> Ways
    {
        get
        {
            var ways = new TheoryData<int, KeyTransport>();
            foreach (var transport in Enum.GetValues<KeyTransport>())
            {
                ways.Add(1024, transport);
                ways.Add(2048, transport);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Check_and_directory_say_what_happens_to_the_message(int bits, KeyTransport transport)
    {
        Put(bits);
        foreach (var (defaults, rule) in new[] { (transport, (KeyTransport?)null), (KeyTransport.RsaPkcs1, transport) })
        {
            var options = Options(defaults, new RuleOptions { Name = "strict", Encrypt = new EncryptOptions { To = ["folder"], KeyTransport = rule } });
            await using var opened = OpenedConfiguration.Open(options, _time);
            var (own, partners) = (opened.Configuration.Sources, opened.Configuration.Partners);
            MailPath.TryParse(Bob, out var path).ShouldBeTrue();

            var located = (await new PartnerLocator(partners, own, _time)
                .FindAsync(new EncryptTerms(options.Rules[0].Encrypt!, options.Encryption), [new EnvelopeRecipient(path!)], default)).Single();
            var entry = PartnerEntry.Of(partners.Certificates.Single(), refusal: null, new KeyFitness(options.Rules, options.Encryption), TestPki.Now);
            var warnings = (await PartnersCheck.CheckAsync(opened.Configuration, _time, default)).Where(finding => finding.Severity == CheckSeverity.Warning).ToList();

            located.IsMissing.ShouldBe(bits == 1024 && transport is (KeyTransport.OaepSha384 or KeyTransport.OaepSha512));
            entry.IsTaken.ShouldBe(!located.IsMissing);
            warnings.Exists(warning => warning.Text.Contains("OAEP with SHA-", StringComparison.Ordinal)).ShouldBe(located.IsMissing);
            located.Reason.ShouldNotContain(".;");
            if (located.IsMissing)
            {
                located.Reason.ShouldContain(entry.Reason);
            }
        }
    }

    [Fact]
    public async Task Of_two_rules_the_one_that_cannot_is_named()
    {
        Put(1024);
        var options = Options(
            KeyTransport.RsaPkcs1,
            new RuleOptions { Name = "strict", Encrypt = new EncryptOptions { To = ["folder"], KeyTransport = KeyTransport.OaepSha512 } },
            new RuleOptions { Name = "all", Encrypt = new EncryptOptions { To = ["folder"] } });
        await using var opened = OpenedConfiguration.Open(options, _time);
        var partners = opened.Configuration.Partners;

        var entry = PartnerEntry.Of(partners.Certificates.Single(), refusal: null, new KeyFitness(options.Rules, options.Encryption), TestPki.Now);
        var findings = await PartnersCheck.CheckAsync(opened.Configuration, _time, default);

        entry.IsTaken.ShouldBeTrue();
        entry.Reason.ShouldStartWith("its folder accepts all; not by rule \"strict\": ");
        findings.Where(finding => finding.Severity == CheckSeverity.Warning).ShouldHaveSingleItem().Text.ShouldStartWith("Rule \"strict\" cannot encrypt to it: ");
    }

    private void Put(int bits)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest("CN=Bob", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName(Bob));
        using var certificate = request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
        File.WriteAllText(_folder["bob.pem"], certificate.ExportCertificatePem());
    }

    private GatewayOptions Options(KeyTransport transport, params RuleOptions[] rules) => new()
    {
        DataFolder = _folder["var"],
        Rules = rules,
        Encryption = new EncryptionOptions { KeyTransport = transport },
        Certificates = new CertificateOptions { Partners = [new PartnerCertificateOptions { Name = "folder", Folder = _folder.Path, Accept = PartnerAcceptance.All }] },
    };
}
