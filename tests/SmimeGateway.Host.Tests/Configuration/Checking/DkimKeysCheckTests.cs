using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class DkimKeysCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_said_where_no_domain_signs() => (await CheckAsync()).ShouldBeEmpty();

    [Fact]
    public async Task A_key_that_cannot_be_read_is_an_error_that_says_what_becomes_of_mail()
    {
        var finding = (await CheckAsync(Entry("s1", key: null))).ShouldHaveSingleItem();

        finding.Severity.ShouldBe(CheckSeverity.Error);
        finding.ToString().ShouldContain($"{_folder["s1.pem"]}: the file does not exist. Mail that it is to sign waits (451 4.4.3)");
    }

    [Fact]
    public async Task A_file_that_was_broken_after_it_was_read_is_an_error_although_mail_goes_on()
    {
        var entry = Entry("s1", DkimKeyText.Generate(2048));
        await using var before = SigningDomains.Open([entry], TimeProvider.System);
        File.WriteAllText(_folder["s1.pem"], "nonsense");

        await using var domains = SigningDomains.Open([entry], TimeProvider.System, before);

        DkimKeysCheck.Check(domains).ShouldHaveSingleItem().ToString().ShouldContain("there is no private key in it. Until that is mended, mail is signed by the key that was read before.");
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(2048, true)]
    public async Task A_short_key_is_warned_about(int bits, bool isGood) =>
        (await CheckAsync(Entry("s1", DkimKeyText.Generate(bits)))).ShouldHaveSingleItem().Severity.ShouldBe(isGood ? CheckSeverity.Good : CheckSeverity.Warning);

    [Theory]
    [InlineData(false, DkimMail.Changed, "example.com", false)]
    [InlineData(true, DkimMail.Changed, "example.com", true)]
    [InlineData(true, DkimMail.All, "example.com", false)]
    [InlineData(true, DkimMail.Changed, "sub.example.com", false)]
    public async Task An_ed25519_key_wants_one_beside_it_that_everybody_knows(bool hasRsa, DkimMail mail, string domain, bool isGood)
    {
        List<DkimOptions> entries = [Entry("e1", DkimKeyText.Generate(null)) with { Mail = mail, Domain = domain }];
        if (hasRsa)
        {
            entries.Add(Entry("s1", DkimKeyText.Generate(2048)));
        }

        (await CheckAsync([.. entries]))[0].Severity.ShouldBe(isGood ? CheckSeverity.Good : CheckSeverity.Warning);
    }

    private DkimOptions Entry(string selector, string? key)
    {
        if (key is not null)
        {
            File.WriteAllText(_folder[selector + ".pem"], key);
        }

        return new DkimOptions { Domain = "example.com", Selector = selector, Key = new SecretOptions { File = _folder[selector + ".pem"] } };
    }

    private static async Task<IReadOnlyList<CheckFinding>> CheckAsync(params DkimOptions[] entries)
    {
        await using var domains = SigningDomains.Open(entries, TimeProvider.System);
        return [.. DkimKeysCheck.Check(domains)];
    }
}
