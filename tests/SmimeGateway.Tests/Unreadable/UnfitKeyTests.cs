using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Opening;
using SmimeGateway.Protecting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Unreadable;

public sealed class UnfitKeyTests : IAsyncDisposable
{
    private static readonly SignOptions Pss512 = new() { With = ["staff"], Padding = RsaPadding.Pss, Digest = SignatureDigest.Sha512 };

    private readonly UnreadableBed _bed = new();

    public UnfitKeyTests() => Directory.CreateDirectory(_bed["own"]);

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Theory]
    [InlineData(WhenCertificateMissing.Reject, "550 5.7.5")]
    [InlineData(WhenCertificateMissing.Defer, "451 4.7.5")]
    [InlineData(WhenCertificateMissing.Pass, "250 2.0.0")]
    public async Task A_key_too_short_for_what_the_rule_asks_is_a_certificate_that_cannot_be_used(WhenCertificateMissing whenMissing, string reply)
    {
        KnowShort("alice");
        Start();

        var outcome = await _bed.SignAsync("alice@example.com", Pss512 with { WhenMissing = whenMissing });

        outcome.Reply.ToString().ShouldStartWith(reply);
        _bed.Queue.Collected.ShouldAllBe(message => message.Protection == Protection.PassedUnsigned);
        if (whenMissing != WhenCertificateMissing.Pass)
        {
            outcome.Detail.ShouldContain("its RSA key of 1024 bits is too short for PSS with SHA-512, which needs 1034");
        }
    }

    [Theory]
    [InlineData(WhenCertificateMissing.Reject, "550 5.7.5")]
    [InlineData(WhenCertificateMissing.Defer, "451 4.7.5")]
    [InlineData(WhenCertificateMissing.Pass, "250 2.0.0")]
    public async Task What_the_system_does_with_no_key_of_its_kind_is_not_waited_for(WhenCertificateMissing whenMissing, string reply)
    {
        KnowShort("alice", 512);
        Start();

        var outcome = await _bed.SignAsync("alice@example.com", Pss512 with { Padding = RsaPadding.Pkcs1, WhenMissing = whenMissing });

        outcome.Reply.ToString().ShouldStartWith(reply);
    }

    [Fact]
    public async Task Another_certificate_that_can_do_it_is_taken_although_it_ends_earlier()
    {
        KnowShort("alice");
        TestPki.WritePem(_bed["own/better.pem"], TestPki.Issue("alice@example.com", KeyKind.Rsa2048, notAfter: TestPki.NotAfter.AddYears(-1)));
        Start();

        (await _bed.SignAsync("alice@example.com", Pss512)).Reply.Code.ShouldBe(250);

        MustBeGood();
    }

    [Theory]
    [InlineData(null, RsaPadding.Pkcs1, SignatureDigest.Sha512)]
    [InlineData(null, RsaPadding.Pss, SignatureDigest.Sha384)]
    [InlineData(KeyKind.Rsa2048, RsaPadding.Pss, SignatureDigest.Sha512)]
    [InlineData(KeyKind.EcP256, RsaPadding.Pss, SignatureDigest.Sha512)]
    [InlineData(KeyKind.EcP521, RsaPadding.Pss, SignatureDigest.Sha1)]
    public async Task A_key_that_can_do_it_signs(KeyKind? kind, RsaPadding padding, SignatureDigest digest)
    {
        if (kind is { } known)
        {
            Know("alice", known);
        }
        else
        {
            KnowShort("alice");
        }

        Start();

        (await _bed.SignAsync("alice@example.com", Pss512 with { Padding = padding, Digest = digest })).Reply.Code.ShouldBe(250);

        _bed.Queue.Collected.ShouldHaveSingleItem().Protection.ShouldBe(Protection.ClearSigned);
    }

    [Fact]
    public async Task Signers_of_certificates_that_a_folder_change_replaced_are_freed_and_those_in_use_are_not()
    {
        Know("alice", KeyKind.Rsa2048);
        Know("bob", KeyKind.EcP256);
        Start();
        var locator = new CredentialLocator(_bed.Own!, [], _bed.Time);
        var (old, used) = await LocateAsync(locator);

        Know("alice", KeyKind.Rsa3072);
        Know("bob", KeyKind.EcP384);
        await _bed.NoticeAsync(() => _bed.Own!.Certificates.All(own => own.Traits.KeyAlgorithm is "RSA 3072" or "ECDSA P-384"));

        await Eventually.TrueAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !old.IsAlive;
        });
        used.Signer.SignDetached(new System.Buffers.ReadOnlySequence<byte>([1, 2, 3]), TestPki.Now).ShouldNotBeEmpty();
    }

    private async Task<(WeakReference Old, Credentials Used)> LocateAsync(CredentialLocator locator)
    {
        var sign = new SignOptions { With = ["staff"] };
        var old = (await locator.FindSignerAsync(sign, "alice@example.com", "", default)).Found!;
        (await locator.FindSignerAsync(sign, "alice@example.com", "", default)).Found!.Signer.ShouldBeSameAs(old.Signer);
        return (new WeakReference(old.Signer), (await locator.FindSignerAsync(sign, "bob@example.com", "", default)).Found!);
    }

    private void MustBeGood() => new Opener(new Certificates.Trusting.TrustStore([TestPki.Root], [TestPki.Intermediate]), [])
        .Open(_bed.Queue.Collected.ShouldHaveSingleItem().Content, TestPki.Now).Layers[0].IsGood.ShouldBeTrue();

    private void Know(string name, KeyKind kind) => TestPki.WritePem(_bed[$"own/{name}.pem"], TestPki.Issue($"{name}@example.com", kind));

    private void KnowShort(string name, int bits = 1024)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName($"{name}@example.com"));
        using var certificate = request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
        TestPki.WritePem(_bed[$"own/{name}.pem"], certificate);
    }

    private void Start() => _bed.Start(new CertificateOptions { Own = [new OwnCertificateOptions { Name = "staff", Folder = _bed["own"] }] });
}
