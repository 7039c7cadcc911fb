using System.Runtime.Versioning;
using SmimeGateway.Locating;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Locating;

public sealed class HoldKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_key_is_made_when_it_is_first_needed_for_its_owner_alone()
    {
        using var key = HoldKey.At(_folder.Path, configured: null);
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();

        key.Certificate.HasPrivateKey.ShouldBeTrue();

        var file = _folder["hold/hold.pem"];
        HoldKey.FileIn(_folder.Path).ShouldBe(file);
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_folder["hold"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(_folder["hold"]).ShouldBe([file], "nothing unfinished is left");
        using var next = HoldKey.At(_folder.Path, configured: null);
        next.Certificate.Thumbprint.ShouldBe(key.Certificate.Thumbprint);
    }

    [Fact]
    public async Task All_who_need_it_at_once_get_the_same_key()
    {
        using var start = new ManualResetEventSlim();
        var thumbprints = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var key = HoldKey.At(_folder.Path, configured: null);
                start.Wait();
                return key.Certificate.Thumbprint;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToList();
        start.Set();

        (await Eventually.EndsAsync(Task.WhenAll(thumbprints))).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_configured_key_is_used_and_none_is_made()
    {
        var certificate = TestPki.Issue("hold@example.com", KeyKind.EcP256);
        using var key = HoldKey.At(_folder["data"], Configured(TestPki.MakePem(certificate)));

        key.Certificate.Thumbprint.ShouldBe(certificate.Thumbprint);
        key.Recipient.Certificate.Thumbprint.ShouldBe(certificate.Thumbprint);
        Directory.Exists(_folder["data"]).ShouldBeFalse();
    }

    [Fact]
    public void The_first_of_several_seals_and_all_of_them_and_the_one_made_before_open()
    {
        using var made = HoldKey.At(_folder.Path, configured: null);
        var thumbprint = made.Certificate.Thumbprint;
        var (first, second) = (TestPki.Issue("new@example.com"), TestPki.Issue("old@example.com", KeyKind.EcP256));

        using var key = HoldKey.At(_folder.Path, Configured(TestPki.MakePem(first) + TestPki.MakePem(second)));

        key.Certificate.Thumbprint.ShouldBe(first.Thumbprint);
        key.Keys.Select(certificate => certificate.Thumbprint).ShouldBe([first.Thumbprint, second.Thumbprint, thumbprint]);
        key.Keys.ShouldAllBe(certificate => certificate.HasPrivateKey);
    }

    [Fact]
    public void A_key_in_the_environment_is_read()
    {
        var certificate = TestPki.Issue("hold@example.com");
        Environment.SetEnvironmentVariable("SMIMEGATEWAY_TEST_HOLD_KEY", TestPki.MakePem(certificate));
        using var key = HoldKey.At(_folder.Path, new SecretOptions { Env = "SMIMEGATEWAY_TEST_HOLD_KEY" });
        using var none = HoldKey.At(_folder.Path, new SecretOptions { Env = "SMIMEGATEWAY_TEST_NO_SUCH_KEY" });

        key.Certificate.Thumbprint.ShouldBe(certificate.Thumbprint);
        Should.Throw<IOException>(() => none.Certificate).Message.ShouldContain("SMIMEGATEWAY_TEST_NO_SUCH_KEY");
    }

    [Fact]
    public void A_key_that_cannot_be_read_says_where_it_should_be_and_is_read_once_it_can_be()
    {
        using var key = HoldKey.At(_folder.Path, new SecretOptions { File = _folder["hold.pem"] });
        Should.Throw<IOException>(() => key.Recipient).Message.ShouldContain(_folder["hold.pem"]);

        var certificate = TestPki.Issue("hold@example.com");
        File.WriteAllText(_folder["hold.pem"], TestPki.MakePem(certificate));

        key.Recipient.Certificate.Thumbprint.ShouldBe(certificate.Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key, but a secret all the same")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")]
    public void A_file_that_holds_no_key_is_never_replaced_and_never_quoted(string content)
    {
        Directory.CreateDirectory(_folder["hold"]);
        File.WriteAllText(_folder["hold/hold.pem"], content);
        using var key = HoldKey.At(_folder.Path, configured: null);

        var trouble = Should.Throw<IOException>(() => key.Certificate);

        trouble.Message.ShouldContain(_folder["hold/hold.pem"]);
        trouble.ToString().ShouldNotContain("secret");
        trouble.ToString().ShouldNotContain("c2VjcmV0");
        File.ReadAllText(_folder["hold/hold.pem"]).ShouldBe(content);
    }

    [Fact]
    public void A_certificate_without_its_key_does_not_seal()
    {
        using var key = HoldKey.At(_folder.Path, Configured(TestPki.MakeCertificatePem(TestPki.Issue("hold@example.com"))));

        Should.Throw<IOException>(() => key.Certificate);
    }

    [Fact]
    public void A_rehearsal_leaves_nothing_on_the_disk_and_reads_what_is_there()
    {
        using (var rehearsed = HoldKey.At(_folder.Path, configured: null, keepsMade: false))
        {
            rehearsed.Certificate.HasPrivateKey.ShouldBeTrue();
        }

        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
        using var made = HoldKey.At(_folder.Path, configured: null);
        var thumbprint = made.Certificate.Thumbprint;
        using var again = HoldKey.At(_folder.Path, configured: null, keepsMade: false);
        again.Certificate.Thumbprint.ShouldBe(thumbprint);
    }

    private SecretOptions Configured(string pem)
    {
        File.WriteAllText(_folder["configured.pem"], pem);
        return new SecretOptions { File = _folder["configured.pem"] };
    }
}
