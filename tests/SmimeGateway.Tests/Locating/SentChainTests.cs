using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Locating;
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

    private static async Task<IReadOnlyList<X509Certificate2>> CertificatesAsync(CredentialLocator locator, ChainInclusion inclusion)
    {
        var search = await locator.FindSignerAsync(new SignOptions { With = ["office"], Chain = inclusion }, Alice, "127.0.0.1", CancellationToken.None);
        var cms = search.Found!.Signer.SignDetached(new ReadOnlySequence<byte>("Hello"u8.ToArray()), TestPki.Now);
        SignedData.TryRead(cms, out var signed, out _).ShouldBeTrue();
        return signed!.Certificates;
    }
}
