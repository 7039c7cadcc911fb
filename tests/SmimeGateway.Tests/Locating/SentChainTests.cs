using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Locating;

/// <summary>Which issuers go out with a signature.</summary>
public sealed class SentChainTests : IAsyncDisposable
{
    private const string Alice = "alice@example.com";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private OwnSources? _sources;
    private TrustStore _trust = new([TestPki.Public(TestPki.Root)], [TestPki.Public(TestPki.Intermediate)]);

    public async ValueTask DisposeAsync()
    {
        await (_sources?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ChainInclusion.None, "")]
    [InlineData(ChainInclusion.WithoutRoot, "CN=Test Intermediate")]
    [InlineData(ChainInclusion.All, "CN=Test Intermediate, CN=Test Root")]
    public async Task The_issuers_that_do_not_lie_beside_a_certificate_come_from_the_trusted_ones(ChainInclusion inclusion, string issuers)
    {
        var locator = Open(TestPki.Issue(Alice));

        (await SentAsync(locator, inclusion)).ShouldBe(issuers);
    }

    [Fact]
    public async Task Issuers_go_out_though_their_root_is_not_known()
    {
        var locator = Open(TestPki.Issue(Alice));
        _trust = new TrustStore([], [TestPki.Public(TestPki.Intermediate)]);

        (await SentAsync(locator, ChainInclusion.WithoutRoot)).ShouldBe("CN=Test Intermediate");
    }

    [Fact]
    public async Task An_issuer_that_comes_later_goes_out_from_then_on()
    {
        var locator = Open(TestPki.Issue(Alice));
        var complete = _trust;
        _trust = new TrustStore([TestPki.Public(TestPki.Root)], []);

        (await SentAsync(locator, ChainInclusion.WithoutRoot)).ShouldBe("");
        _trust = complete;
        (await SentAsync(locator, ChainInclusion.WithoutRoot)).ShouldBe("CN=Test Intermediate");
    }

    [Fact]
    public async Task Of_two_issuers_of_one_name_the_valid_one_goes_out()
    {
        var (root, issuing) = (new TestAuthority("Root"), new TestAuthority("Issuing"));
        var (ended, valid, later) = (
            root.Certify(issuing, to: TestPki.Now.AddDays(-1)), root.Certify(issuing), root.Certify(issuing, from: TestPki.Now.AddDays(1), to: TestPki.NotAfter.AddYears(1)));
        var locator = Open(issuing.Issue(Alice), ended, later);
        _trust = new TrustStore([root.Root()], [valid]);

        var sent = await CertificatesAsync(locator, ChainInclusion.WithoutRoot);

        sent.Where(certificate => certificate.Subject == "CN=Issuing").ShouldHaveSingleItem().RawData.ShouldBe(valid.RawData);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_issuer_that_has_ended_makes_room_for_the_one_that_took_its_place(bool isBeside)
    {
        var (root, issuing) = (new TestAuthority("Root"), new TestAuthority("Issuing"));
        var (first, second) = (root.Certify(issuing, to: TestPki.Now.AddDays(1)), root.Certify(issuing, from: TestPki.Now.AddHours(12)));
        var locator = Open(issuing.Issue(Alice), isBeside ? [first, second] : []);
        _trust = new TrustStore([root.Root()], isBeside ? [] : [first, second]);
        var sign = new SignOptions { With = ["office"], Chain = ChainInclusion.WithoutRoot };

        (await IssuersAsync(locator, sign)).ShouldHaveSingleItem().RawData.ShouldBe(first.RawData);
        _time.Jump(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));

        (await IssuersAsync(locator, sign)).ShouldHaveSingleItem().RawData.ShouldBe(second.RawData);
    }

    [Fact]
    public async Task An_issuer_that_begins_to_be_valid_goes_out_within_the_hour()
    {
        var (root, issuing) = (new TestAuthority("Root"), new TestAuthority("Issuing"));
        var (ended, coming) = (root.Certify(issuing, to: TestPki.Now.AddDays(-1)), root.Certify(issuing, from: TestPki.Now.AddMinutes(30)));
        var locator = Open(issuing.Issue(Alice));
        _trust = new TrustStore([root.Root()], [ended, coming]);
        var sign = new SignOptions { With = ["office"], Chain = ChainInclusion.WithoutRoot };
        await IssuersAsync(locator, sign);

        _time.Jump(TimeSpan.FromMinutes(61));

        (await IssuersAsync(locator, sign)).ShouldHaveSingleItem().RawData.ShouldBe(coming.RawData);
    }

    [Fact]
    public async Task A_signer_is_kept_while_its_issuers_stay_the_same()
    {
        var locator = Open(TestPki.Issue(Alice));
        var sign = new SignOptions { With = ["office"], Chain = ChainInclusion.WithoutRoot };
        var first = (await locator.FindSignerAsync(sign, Alice, "127.0.0.1", CancellationToken.None)).Found!.Signer;

        _time.Jump(TimeSpan.FromHours(2));

        (await locator.FindSignerAsync(sign, Alice, "127.0.0.1", CancellationToken.None)).Found!.Signer.ShouldBeSameAs(first);
    }

    [Fact]
    public async Task The_certificate_to_encrypt_to_goes_out_that_is_the_right_one_now_though_the_one_to_sign_with_stays()
    {
        var now = TestPki.Issue(Alice, usage: TestUsage.EncryptionOnly, notAfter: TestPki.Now.AddYears(1));
        var soon = TestPki.Issue(Alice, usage: TestUsage.EncryptionOnly, notBefore: TestPki.Now.AddMinutes(10));
        var locator = Open(TestPki.SigningOnly(Alice), now, soon);
        var sign = new SignOptions { With = ["office"], IncludeEncryptionCertificate = true, Chain = ChainInclusion.None };
        (await CertificatesAsync(locator, sign)).Select(sent => sent.Thumbprint).ShouldContain(now.Thumbprint);

        _time.Jump(TimeSpan.FromMinutes(20));

        var later = (await CertificatesAsync(locator, sign)).Select(sent => sent.Thumbprint).ToList();
        later.ShouldContain(soon.Thumbprint);
        later.ShouldNotContain(now.Thumbprint);
    }

    private CredentialLocator Open(X509Certificate2 certificate, params X509Certificate2[] beside)
    {
        TestPki.WriteP12(_folder["own.pfx"], "secret", [certificate, .. beside]);
        File.WriteAllText(_folder["password"], "secret");
        var options = new OwnCertificateOptions { Name = "office", Pkcs12 = _folder["own.pfx"], Password = new SecretOptions { File = _folder["password"] } };
        _sources = OwnSources.Open([options], previous: null, _time);
        return new CredentialLocator(_sources, [], _time, () => _trust);
    }

    private static async Task<string> SentAsync(CredentialLocator locator, ChainInclusion inclusion) => string.Join(
        ", ", (await CertificatesAsync(locator, inclusion)).Select(certificate => certificate.Subject).Where(subject => !subject.Contains("alice", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static async Task<IEnumerable<X509Certificate2>> IssuersAsync(CredentialLocator locator, SignOptions sign) =>
        (await CertificatesAsync(locator, sign)).Where(certificate => certificate.Subject == "CN=Issuing");

    private static Task<IReadOnlyList<X509Certificate2>> CertificatesAsync(CredentialLocator locator, ChainInclusion inclusion) =>
        CertificatesAsync(locator, new SignOptions { With = ["office"], Chain = inclusion });

    private static async Task<IReadOnlyList<X509Certificate2>> CertificatesAsync(CredentialLocator locator, SignOptions sign)
    {
        var search = await locator.FindSignerAsync(sign, Alice, "127.0.0.1", CancellationToken.None);
        var cms = search.Found!.Signer.SignDetached(new ReadOnlySequence<byte>("Hello"u8.ToArray()), TestPki.Now);
        SignedData.TryRead(cms, out var signed, out _).ShouldBeTrue();
        return signed!.Certificates;
    }
}
