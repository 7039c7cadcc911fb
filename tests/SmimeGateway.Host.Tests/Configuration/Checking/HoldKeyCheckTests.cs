using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class HoldKeyCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_said_where_no_rule_holds_mail() => Check(WhenRecipientMissing.Reject, key: null).ShouldBeEmpty();

    [Fact]
    public void A_key_that_is_not_there_yet_will_be_made_and_the_check_does_not_make_it()
    {
        Check(WhenRecipientMissing.Hold, key: null).ShouldHaveSingleItem().Severity.ShouldBe(CheckSeverity.Good);

        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_configured_key_that_cannot_be_read_is_an_error_even_where_no_rule_holds_mail_any_more()
    {
        var finding = Check(WhenRecipientMissing.Reject, new SecretOptions { File = _folder["hold.pem"] }).ShouldHaveSingleItem();

        finding.Severity.ShouldBe(CheckSeverity.Error);
        finding.Text.ShouldContain("cannot be released");
    }

    [Fact]
    public void A_configured_key_that_can_be_read_is_good()
    {
        TestPki.WritePem(_folder["hold.pem"], TestPki.EncryptionOnly("gateway@example.com"));

        Check(WhenRecipientMissing.Hold, new SecretOptions { File = _folder["hold.pem"] }).ShouldHaveSingleItem().Severity.ShouldBe(CheckSeverity.Good);
    }

    private List<CheckFinding> Check(WhenRecipientMissing whenMissing, SecretOptions? key) =>
    [
        .. HoldKeyCheck.Check(new GatewayOptions
        {
            DataFolder = _folder.Path,
            Encryption = new EncryptionOptions { HoldKey = key },
            Rules = [new RuleOptions { Name = "encrypt", Encrypt = new EncryptOptions { To = ["folder"], WhenMissing = whenMissing } }],
        }),
    ];
}
