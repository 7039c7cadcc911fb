using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Locating;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class PartnersCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_is_counted_and_whoever_can_be_encrypted_to_causes_no_warning()
    {
        Put("bob", TestPki.Issue("bob@example.net"));
        Put("bob-old", TestPki.Expired("bob@example.net"));

        var finding = (await CheckAsync()).ShouldHaveSingleItem();

        finding.Severity.ShouldBe(CheckSeverity.Good);
        finding.Text.ShouldBe("2 certificate(s) for 1 address(es), 1 of them expired; 1 address(es) can be encrypted to.");
    }

    [Fact]
    public async Task The_last_certificate_of_an_address_that_ends_soon_is_warned_about()
    {
        Put("bob", TestPki.Issue("bob@example.net", notAfter: TestPki.Now.AddDays(10)));

        var warning = (await CheckAsync()).Where(finding => finding.Severity == CheckSeverity.Warning).ShouldHaveSingleItem();

        warning.Subject.ShouldBe("folder: bob@example.net");
        warning.Text.ShouldStartWith("10 day(s) left of the last certificate");
    }

    [Fact]
    public async Task An_address_with_expired_certificates_alone_is_warned_about()
    {
        Put("bob", TestPki.Expired("bob@example.net"));

        var warning = (await CheckAsync()).Where(finding => finding.Severity == CheckSeverity.Warning).ShouldHaveSingleItem();

        warning.Text.ShouldStartWith("Cannot be encrypted to:");
        warning.Text.ShouldContain("directory lookup bob@example.net");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_with_its_remedy_and_what_it_means_for_mail()
    {
        await File.WriteAllTextAsync(_folder["bob.cer"], "no certificate");

        var error = (await CheckAsync()).Where(finding => finding.Severity == CheckSeverity.Error).ShouldHaveSingleItem();

        error.Subject.ShouldContain("bob.cer");
        error.Text.ShouldContain("Export it again");
        error.Text.ShouldEndWith("is told to try again later (451 4.4.3).");
    }

    [Fact]
    public async Task Many_addresses_in_trouble_are_counted_and_not_all_named()
    {
        for (var i = 0; i < 25; i++)
        {
            Put($"partner{i}", TestPki.Expired($"partner{i}@example.net"));
        }

        var warnings = (await CheckAsync()).Where(finding => finding.Severity == CheckSeverity.Warning).ToList();

        warnings.Count.ShouldBe(21);
        warnings[^1].Text.ShouldStartWith("5 more addresses like these.");
    }

    [Theory]
    [InlineData(true, "folder", 0)]
    [InlineData(false, "folder", 1)]
    [InlineData(true, "seen", 1)]
    [InlineData(true, "folder seen", 0)]
    [InlineData(false, "folder seen", 1)]
    public async Task A_rule_whose_sources_are_all_empty_is_warned_about_with_what_it_means_for_mail(bool hasCertificate, string sources, int warnings)
    {
        if (hasCertificate)
        {
            Put("bob", TestPki.Issue("bob@example.net"));
        }

        var found = (await CheckAsync(sources)).Where(finding => finding.Subject == "rule \"confidential\"").ToList();

        found.Count.ShouldBe(warnings);
        found.ShouldAllBe(finding => finding.Severity == CheckSeverity.Warning && finding.Text.EndsWith("The sender of mail that matches the rule is told to try again later (451).", StringComparison.Ordinal));
    }

    private void Put(string name, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
        File.WriteAllText(_folder[name + ".pem"], TestPki.MakeCertificatePem(TestPki.Public(certificate)));

    private async Task<IReadOnlyList<CheckFinding>> CheckAsync(string? encryptedTo = null)
    {
        var options = new GatewayOptions
        {
            DataFolder = _folder["var"],
            Certificates = new CertificateOptions { Partners = [new PartnerCertificateOptions { Name = "folder", Folder = _folder.Path, Accept = PartnerAcceptance.All }] },
        };
        if (encryptedTo is not null)
        {
            options = options with
            {
                Certificates = options.Certificates with { Partners = [.. options.Certificates.Partners, new PartnerCertificateOptions { Name = "seen", Harvested = new HarvestOptions() }] },
                Rules = [new RuleOptions { Name = "confidential", Encrypt = new EncryptOptions { To = encryptedTo.Split(' '), WhenMissing = WhenRecipientMissing.Defer } }],
            };
        }

        await using var opened = OpenedConfiguration.Open(options, _time);
        return [.. CertificatesCheck.Check(opened.Configuration, _time.GetUtcNow()), .. await PartnersCheck.CheckAsync(opened.Configuration, _time, CancellationToken.None)];
    }
}
