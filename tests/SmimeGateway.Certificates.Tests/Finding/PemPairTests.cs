using System.Security.Cryptography;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class PemPairTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.EcP256)]
    [InlineData(KeyKind.EcP521)]
    public async Task A_chain_and_its_key_in_two_files_open(KeyKind kind)
    {
        var alice = TestPki.Issue("alice@example.com", kind);
        File.WriteAllText(_folder["c.pem"], TestPki.MakeCertificatePem([alice, .. TestPki.Chain]));
        File.WriteAllText(_folder["k.pem"], TestPki.MakeKeyPem(alice));

        await using var source = Open(key: "k.pem");

        var own = (await source.FindAsync("alice@example.com", default)).ShouldHaveSingleItem();
        own.Certificate.HasPrivateKey.ShouldBeTrue();
        own.Chain.Select(certificate => certificate.Subject).ShouldBe(["CN=Test Intermediate", "CN=Test Root"]);
        source.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_chain_in_any_order_is_put_right()
    {
        var alice = TestPki.Issue("alice@example.com");
        File.WriteAllText(_folder["c.pem"], TestPki.MakeKeyPem(alice) + TestPki.MakeCertificatePem([TestPki.Chain[1], alice, TestPki.Chain[0]]));

        await using var source = Open();

        source.All.ShouldHaveSingleItem().Chain.Select(certificate => certificate.Subject).ShouldBe(["CN=Test Intermediate", "CN=Test Root"]);
    }

    [Fact]
    public async Task Keys_in_the_older_forms_open()
    {
        var rsa = TestPki.Issue("alice@example.com");
        var elliptic = TestPki.Issue("bob@example.com", KeyKind.EcP384);
        File.WriteAllText(
            _folder["c.pem"],
            TestPki.MakeCertificatePem(rsa, elliptic)
            + ((RSA)TestKeys.Get(KeyKind.Rsa2048)).ExportRSAPrivateKeyPem() + "\n"
            + ((ECDsa)TestKeys.Get(KeyKind.EcP384)).ExportECPrivateKeyPem() + "\n");

        await using var source = Open();

        source.All.Count.ShouldBe(2);
        source.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("right", null)]
    [InlineData("wrong", "the private key cannot be opened with the given password, or its encryption is not supported")]
    [InlineData(null, "its private key is encrypted, and no password is configured")]
    public async Task An_encrypted_key_needs_its_password(string? password, string? reason)
    {
        TestPki.WritePem(_folder["c.pem"], TestPki.Issue("alice@example.com"), "right");

        await using var source = Open(password: password);

        source.Problems.Select(problem => problem.Reason).ShouldBe(reason is null ? [] : [reason]);
        source.All.Count.ShouldBe(reason is null ? 1 : 0);
    }

    [Fact]
    public async Task The_old_encryption_of_openssl_names_the_remedy()
    {
        File.WriteAllText(_folder["plain.pem"], TestPki.MakeKeyPem(TestPki.Issue("alice@example.com")));
        await Tool.MustAsync("openssl", ["rsa", "-traditional", "-aes128", "-in", _folder["plain.pem"], "-out", _folder["old.pem"], "-passout", "pass:pw"]);
        File.WriteAllText(_folder["c.pem"], TestPki.MakeCertificatePem(TestPki.Issue("alice@example.com")));

        await using var source = Open(key: "old.pem", password: "pw");

        source.Problems.ShouldHaveSingleItem().Remedy.ShouldContain("openssl pkcs8 -topk8");
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_a_problem()
    {
        File.WriteAllText(_folder["c.pem"], TestPki.MakeCertificatePem(TestPki.Issue("alice@example.com", keyOwner: "alice")));
        File.WriteAllText(_folder["k.pem"], TestPki.MakeKeyPem(TestPki.Issue("bob@example.com")));

        await using var source = Open(key: "k.pem");

        source.All.ShouldBeEmpty();
        var problem = source.Problems.ShouldHaveSingleItem();
        (problem.Location, problem.Reason).ShouldBe((_folder["k.pem"], "it holds a private key whose certificate is not in c.pem"));
    }

    [Theory]
    [InlineData("k.pem", "cut", "it is not whole: a block in it has no end")]
    [InlineData("k.pem", "empty", "it does not hold the private key of")]
    [InlineData("k.pem", "foreign", "it holds a private key whose certificate is not in c.pem")]
    [InlineData("k.pem", "a certificate", "it does not hold the private key of")]
    [InlineData("k.pem", "not base64", "its block PRIVATE KEY is not Base64")]
    [InlineData("c.pem", "cut", "it is not whole: a block in it has no end")]
    [InlineData("c.pem", "empty", "it holds neither a certificate nor a key")]
    [InlineData("c.pem", "not base64", "its block CERTIFICATE is not Base64")]
    public async Task The_file_at_fault_is_named_and_it_alone(string name, string fault, string reason)
    {
        var alice = TestPki.Issue("alice@example.com", keyOwner: "alice");
        File.WriteAllText(_folder["c.pem"], TestPki.MakeCertificatePem(alice));
        File.WriteAllText(_folder["k.pem"], TestPki.MakeKeyPem(alice));
        var whole = File.ReadAllText(_folder[name]);
        File.WriteAllText(_folder[name], fault switch
        {
            "cut" => whole[..^60],
            "empty" => "",
            "foreign" => TestPki.MakeKeyPem(TestPki.Issue("bob@example.com")),
            "a certificate" => TestPki.MakeCertificatePem(TestPki.Root),
            _ => whole.Replace("MII", "!!!", StringComparison.Ordinal),
        });
        File.Copy(_folder["c.pem"], Directory.CreateDirectory(_folder["staff"]).FullName + "/c.pem");
        File.Copy(_folder["k.pem"], _folder["staff/c.key"]);

        await using var pair = Open(key: "k.pem");
        await using var folder = CertificateFolder.Open("staff", _folder["staff"], null, new ManualTimeProvider(TestPki.Now));

        var problem = pair.Problems.ShouldHaveSingleItem();
        problem.Location.ShouldBe(_folder[name]);
        problem.Reason.ShouldStartWith(reason);
        folder.Problems.ShouldHaveSingleItem().Location.ShouldBe(_folder[name == "k.pem" ? "staff/c.key" : "staff/c.pem"]);
    }

    [Fact]
    public async Task A_certificate_without_its_key_is_told_beside_one_that_has_it_unless_it_is_a_former_one_of_the_same_mailbox()
    {
        var alice = TestPki.Issue("alice@example.com", keyOwner: "alice");
        var former = TestPki.Issue("alice@example.com", keyOwner: "former");
        File.WriteAllText(_folder["c.pem"], TestPki.MakePem(alice, null, former));
        await using var source = Open();
        source.Problems.ShouldBeEmpty();

        File.WriteAllText(_folder["c.pem"], TestPki.MakePem(alice, null, TestPki.Issue("bob@example.com", keyOwner: "bob")));
        source.LookNow();

        source.All.Count.ShouldBe(1);
        var problem = source.Problems.ShouldHaveSingleItem();
        problem.Reason.ShouldBe("the private key of CN=bob@example.com, E=bob@example.com is missing");
        problem.Conceals.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_file_that_was_emptied_before_it_was_deleted_is_gone()
    {
        var alice = TestPki.Issue("alice@example.com");
        File.WriteAllText(_folder["c.pem"], TestPki.MakeCertificatePem(alice));
        File.WriteAllText(_folder["k.pem"], TestPki.MakeKeyPem(alice));
        var time = new ManualTimeProvider(TestPki.Now);
        await using var emptied = PemPair.Open("office", _folder["c.pem"], _folder["k.pem"], null, time);
        File.WriteAllText(_folder["k.pem"], "");
        time.Advance(TimeSpan.FromMinutes(1));
        var whenEmpty = emptied.Problems.ShouldHaveSingleItem();
        File.Delete(_folder["k.pem"]);
        time.Advance(TimeSpan.FromMinutes(1));

        emptied.Problems.ShouldHaveSingleItem().ShouldNotBe(whenEmpty);
    }

    [Fact]
    public async Task A_missing_key_is_a_problem()
    {
        File.WriteAllText(_folder["c.pem"], TestPki.MakeCertificatePem(TestPki.Issue("alice@example.com")));

        await using var alone = Open();
        await using var named = Open(key: "k.pem");

        alone.Problems.ShouldHaveSingleItem().Reason.ShouldBe("the private key of CN=alice@example.com, E=alice@example.com is missing");
        named.Problems.ShouldHaveSingleItem().Location.ShouldBe(_folder["k.pem"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing of the kind")]
    [InlineData("-----BEGIN CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n")]
    public async Task A_broken_file_is_a_problem(string content)
    {
        File.WriteAllText(_folder["c.pem"], content);

        await using var source = Open(password: "pw");

        source.All.ShouldBeEmpty();
        source.Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_key_of_a_kind_that_nobody_here_knows_is_refused_by_name()
    {
        byte[] dsa = [0x30, 18, 2, 1, 0, 0x30, 9, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1, 4, 2, 5, 0];
        File.WriteAllText(
            _folder["c.pem"],
            TestPki.MakeCertificatePem(TestPki.Issue("alice@example.com")) + PemEncoding.WriteString("PRIVATE KEY", dsa) + "\n");

        await using var source = Open();

        source.Problems[0].Reason.ShouldBe("the private key is of a kind that is not supported: DSA");
    }

    private PemPair Open(string? key = null, string? password = null)
    {
        if (password is not null)
        {
            File.WriteAllText(_folder["password"], password);
        }

        return PemPair.Open(
            "edi",
            _folder["c.pem"],
            key is null ? null : _folder[key],
            password is null ? null : SecretReader.FromFile(_folder["password"]),
            new ManualTimeProvider(TestPki.Now));
    }
}
