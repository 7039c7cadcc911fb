using SmimeGateway.Certificates.Finding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class CertificateFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("alice.crt")]
    [InlineData("alice.CER")]
    [InlineData("alice.der")]
    public async Task A_certificate_with_its_key_beside_it_is_not_passed_over_for_its_name(string name)
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTimeProvider(TestPki.Now);
        var alice = TestPki.Issue("alice@example.com");
        File.WriteAllText(folder[name], TestPki.MakeCertificatePem(alice));
        await using var source = CertificateFolder.Open("folder", folder.Path, null, time);
        source.Problems.ShouldBeEmpty("an issuer may lie there");
        File.WriteAllText(folder["alice.key"], TestPki.MakeKeyPem(alice));

        time.Advance(TimeSpan.FromSeconds(10));

        var problem = source.Problems.ShouldHaveSingleItem();
        problem.Location.ShouldBe(folder[name]);
        problem.Conceals.ShouldBeTrue();
        problem.Remedy.ShouldStartWith("Rename it to .pem");
        File.Move(folder[name], folder["alice.pem"]);
        time.Advance(TimeSpan.FromSeconds(10));
        source.Problems.ShouldBeEmpty();
        source.All.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task All_kinds_of_files_are_read_with_their_passwords()
    {
        File.WriteAllText(_folder["folder.password.txt"], "common");
        TestPki.WriteP12(_folder["a.p12"], "common", TestPki.Issue("a@example.com"));
        TestPki.WriteP12(_folder["b.PFX"], "own-b", TestPki.Issue("b@example.com"));
        File.WriteAllText(_folder["b.password"], "own-b\n");
        TestPki.WriteP12(_folder["c.p12"], "own-c", TestPki.Issue("c@example.com"));
        File.WriteAllText(_folder["c.p12.password"], "own-c\n");
        TestPki.WritePem(_folder["d.pem"], TestPki.Issue("d@example.com"), "common");
        File.WriteAllText(_folder["e.pem"], TestPki.MakeCertificatePem(TestPki.Issue("e@example.com", KeyKind.EcP256)));
        File.WriteAllText(_folder["e.key"], TestPki.MakeKeyPem(TestPki.Issue("e@example.com", KeyKind.EcP256)));
        File.WriteAllText(_folder["chain.pem"], TestPki.MakeCertificatePem(TestPki.Chain));
        File.WriteAllText(_folder["notes.txt"], "not a certificate");

        await using var source = Open(SecretReader.FromFile(_folder["folder.password.txt"]));

        source.Problems.ShouldBeEmpty();
        source.All.SelectMany(own => own.Traits.Addresses).ShouldBe(
            ["a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com"], ignoreOrder: true);
        source.All.ShouldAllBe(own => own.KeyFault == null && own.Chain.Count == 2);
    }

    [Fact]
    public async Task A_broken_file_does_not_take_the_others_away()
    {
        TestPki.WritePem(_folder["a.pem"], TestPki.Issue("a@example.com"));
        File.WriteAllText(_folder["broken.p12"], "not a PKCS #12 file");

        await using var source = Open();

        source.All.Count.ShouldBe(1);
        var problem = source.Problems.ShouldHaveSingleItem();
        problem.Location.ShouldBe(_folder["broken.p12"]);
        problem.Reason.ShouldBe("it is no PKCS #12 file, or only a part of one");
        problem.Remedy.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Files_that_come_change_and_go_are_noticed_by_themselves()
    {
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, TimeProvider.System);

        TestPki.WritePem(_folder["a.pem"], TestPki.Issue("a@example.com"));
        await Eventually.TrueAsync(async () => (await source.FindAsync("a@example.com", default)).Count == 1);

        TestPki.WritePem(_folder["a.pem"], TestPki.Issue("b@example.com"));
        await Eventually.TrueAsync(async () => (await source.FindAsync("b@example.com", default)).Count == 1);
        (await source.FindAsync("a@example.com", default)).ShouldBeEmpty();

        File.Delete(_folder["a.pem"]);
        await Eventually.TrueAsync(() => source.All.Count == 0);
    }

    [Fact]
    public async Task A_folder_that_notifies_nobody_is_looked_at_regularly()
    {
        var time = new ManualTimeProvider(TestPki.Now);
        await using var source = CertificateFolder.Open("folder", _folder["later"], null, time);
        source.Problems.ShouldHaveSingleItem().Reason.ShouldBe("the folder does not exist");

        Directory.CreateDirectory(_folder["later"]);
        TestPki.WritePem(Path.Combine(_folder["later"], "a.pem"), TestPki.Issue("a@example.com"));
        time.Advance(TimeSpan.FromSeconds(10));

        source.All.Count.ShouldBe(1);
        source.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_snapshot_that_was_taken_does_not_change()
    {
        TestPki.WritePem(_folder["a.pem"], TestPki.Issue("a@example.com"));
        await using var source = Open();
        var before = source.All;

        TestPki.WritePem(_folder["b.pem"], TestPki.Issue("b@example.com"));
        source.LookNow();

        before.Count.ShouldBe(1);
        source.All.Count.ShouldBe(2);
        source.All[0].Certificate.ShouldBeSameAs(before[0].Certificate);
    }

    [Fact]
    public async Task A_link_whose_target_is_exchanged_is_noticed()
    {
        Directory.CreateDirectory(_folder["v1"]);
        Directory.CreateDirectory(_folder["v2"]);
        TestPki.WritePem(_folder["v1/a.pem"], TestPki.Issue("old@example.com"));
        TestPki.WritePem(_folder["v2/a.pem"], TestPki.Issue("new@example.com"));

        // Two versions differ in age. Here both could fall into one tick of the file system's clock, which the tests' own clock hides.
        File.SetLastWriteTimeUtc(_folder["v1/a.pem"], TestPki.NotBefore.UtcDateTime);
        File.CreateSymbolicLink(_folder["current"], "v1");
        File.CreateSymbolicLink(_folder["a.pem"], "current/a.pem");
        await using var source = Open();

        File.Delete(_folder["current"]);
        File.CreateSymbolicLink(_folder["current"], "v2");
        source.LookNow();

        source.All.ShouldHaveSingleItem().Traits.HasAddress("new@example.com").ShouldBeTrue();
    }

    [Fact]
    public async Task Hundreds_of_certificates_are_found_by_address()
    {
        for (var i = 0; i < 200; i++)
        {
            TestPki.WritePem(_folder[$"{i}.pem"], TestPki.Issue($"user{i}@example.com", KeyKind.EcP256));
        }

        await using var source = Open();

        source.All.Count.ShouldBe(200);
        (await source.FindAsync("USER123@example.com", default)).ShouldHaveSingleItem().Location.ShouldBe(_folder["123.pem"]);
    }

    private CertificateFolder Open(SecretReader? password = null)
        => CertificateFolder.Open("folder", _folder.Path, password, new ManualTimeProvider(TestPki.Now));
}
