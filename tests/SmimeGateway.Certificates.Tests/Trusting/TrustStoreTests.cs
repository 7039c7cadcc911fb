using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Certificates.Tests.Trusting;

public sealed class TrustStoreTests
{
    private readonly TrustStore _store = new([TestPki.Public(TestPki.Root)], [TestPki.Public(TestPki.Intermediate)]);

    [Fact]
    public void A_certificate_below_a_trusted_root_is_trusted_with_its_chain()
    {
        var alice = TestPki.Issue("alice@example.com");

        var verdict = _store.Judge(alice, [], TestPki.Now);

        verdict.IsTrusted.ShouldBeTrue();
        verdict.Reasons.ShouldBeEmpty();
        verdict.Trusted.Certificate.ShouldBeSameAs(alice);
        verdict.Trusted.Chain.Select(certificate => certificate.Subject).ShouldBe(["CN=Test Intermediate", "CN=Test Root"]);
    }

    [Fact]
    public void Certificates_that_came_along_complete_a_chain_but_trust_nobody()
    {
        var alice = TestPki.Issue("alice@example.com");

        new TrustStore([TestPki.Root], []).Judge(alice, [TestPki.Public(TestPki.Intermediate)], TestPki.Now).IsTrusted.ShouldBeTrue();
        new TrustStore([], []).Judge(alice, TestPki.Chain, TestPki.Now).IsTrusted.ShouldBeFalse();
    }

    [Fact]
    public void An_unknown_issuer_is_named()
    {
        var verdict = new TrustStore([TestPki.Root], []).Judge(TestPki.Issue("alice@example.com"), [], TestPki.Now);

        verdict.IsTrusted.ShouldBeFalse();
        verdict.Reasons.ShouldContain(reason => reason.Contains(": its issuer CN=", StringComparison.Ordinal) && reason.EndsWith(" is not known", StringComparison.Ordinal));
    }

    [Fact]
    public void The_moment_of_the_judgement_counts()
    {
        var expired = TestPki.Expired("alice@example.com");

        _store.Judge(expired, [], TestPki.Now).Reasons.ShouldHaveSingleItem().ShouldEndWith("it is valid from 2024-01-01 to 2025-01-01");
        _store.Judge(expired, [], TestPki.NotBefore.AddMonths(1)).IsTrusted.ShouldBeTrue();
        _store.Judge(TestPki.NotYetValid("alice@example.com"), [], TestPki.Now).IsTrusted.ShouldBeFalse();
    }

    [Fact]
    public void A_certificate_for_another_purpose_is_not_trusted_for_mail()
    {
        var verdict = _store.Judge(TestPki.WrongUsage("alice@example.com"), [], TestPki.Now);

        verdict.IsTrusted.ShouldBeFalse();
        verdict.Reasons.ShouldContain(reason => reason.Contains("it is not meant for mail", StringComparison.Ordinal));
    }

    [Fact]
    public void A_certificate_issued_by_no_authority_is_not_trusted()
    {
        var alice = TestPki.Issue("alice@example.com", KeyKind.Rsa2048, keyOwner: "rogue");
        using var key = alice.GetRSAPrivateKey()!;
        var request = new CertificateRequest("CN=mallory", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        var forged = request.Create(
            alice.SubjectName, X509SignatureGenerator.CreateForRSA(key, System.Security.Cryptography.RSASignaturePadding.Pkcs1), TestPki.NotBefore, TestPki.NotAfter, [1, 2, 3, 4]);

        _store.Judge(forged, [TestPki.Public(alice)], TestPki.Now).IsTrusted.ShouldBeFalse();
    }

    [Fact]
    public void A_changed_certificate_is_not_trusted()
    {
        var bytes = TestPki.Issue("alice@example.com").RawData;
        bytes[^1] ^= 1;

        var verdict = _store.Judge(X509CertificateLoader.LoadCertificate(bytes), [], TestPki.Now);

        verdict.IsTrusted.ShouldBeFalse();
        verdict.Reasons.ShouldContain(reason => reason.Contains("its signature is wrong", StringComparison.Ordinal));
    }

    [Fact]
    public void Roots_and_intermediates_are_read_from_files_and_folders()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["roots"]);
        File.WriteAllText(folder["roots/root.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        File.WriteAllBytes(folder["roots/root.cer"], TestPki.Root.RawData);
        File.WriteAllText(folder["roots/readme.txt"], "not a certificate");
        File.WriteAllBytes(folder["more.p7b"], new X509Certificate2Collection(TestPki.Public(TestPki.Intermediate)).Export(X509ContentType.Pkcs7)!);

        var store = TrustStore.Load([folder["roots"]], [folder["more.p7b"]], systemRoots: false, []);

        store.Problems.ShouldBeEmpty();
        store.Judge(TestPki.Issue("alice@example.com"), [], TestPki.Now).IsTrusted.ShouldBeTrue();
    }

    [Fact]
    public void What_cannot_be_read_is_a_problem()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["broken.pem"], "nothing");

        var store = TrustStore.Load([folder["broken.pem"], folder["missing"]], [], systemRoots: true, [TestPki.Root]);

        store.Problems.Select(problem => problem.Location).ShouldBe([folder["broken.pem"], folder["missing"]]);
        store.Roots.ShouldContain(TestPki.Root);
    }

    [Theory]
    [InlineData(ModernKind.MlDsa65, "its path cannot be followed yet, as its key is of ML-DSA-65")]
    [InlineData(ModernKind.MlKem768, "its path cannot be followed yet, as its key is of ML-KEM-768")]
    [InlineData(ModernKind.Ed448, null)]
    [InlineData(ModernKind.X448, null)]
    public void A_path_to_a_key_that_OpenSSL_does_not_know_is_not_trusted_and_the_reason_says_so(ModernKind kind, string? reason)
    {
        var store = new TrustStore([TestPki.Root], [TestPki.Intermediate]);

        var verdict = store.Judge(ModernIdentity.Issue("alice@example.com", kind).Certificate, [], TestPki.Now);

        verdict.IsTrusted.ShouldBe(reason is null);
        verdict.Reasons.ShouldBe(reason is null ? [] : [reason]);
    }

    [Fact]
    public void Chains_of_Edwards_keys_hold_and_a_changed_signature_breaks_them()
    {
        if (Corpora.Folder("rfc9216") is not { } folder)
        {
            Console.WriteLine("Skipped: ../shared/corpora/rfc9216 is not there.");
            return;
        }

        var byRsa = TrustStore.Load([Path.Combine(folder, "ca.rsa.crt")], [], systemRoots: false, []);
        var byEdwards = TrustStore.Load([Path.Combine(folder, "ca.25519.crt")], [], systemRoots: false, []);
        var carlos = Load("carlos.sign.crt");
        var changed = carlos.RawData;
        changed[^1] ^= 1;

        byRsa.Judge(Load("alice.sign.crt"), [], TestPki.Now).IsTrusted.ShouldBeTrue();
        byEdwards.Judge(carlos, [], TestPki.Now).IsTrusted.ShouldBeTrue();
        byEdwards.Judge(Load("carlos.encrypt.crt"), [], TestPki.Now).IsTrusted.ShouldBeTrue();
        byRsa.Judge(carlos, [Load("ca.25519.cross.crt")], TestPki.Now).IsTrusted.ShouldBeTrue();
        byEdwards.Judge(Load("alice.sign.crt"), [Load("ca.rsa.cross.crt")], TestPki.Now).IsTrusted.ShouldBeTrue();
        byRsa.Judge(carlos, [], TestPki.Now).IsTrusted.ShouldBeFalse();
        byEdwards.Judge(X509CertificateLoader.LoadCertificate(changed), [], TestPki.Now).IsTrusted.ShouldBeFalse();

        X509Certificate2 Load(string file) => X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, file));
    }
}
