using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class Pkcs12FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_sender_gets_their_own_certificate_from_one_file()
    {
        var alice = TestPki.Issue("alice@example.com");
        var bob = TestPki.Issue("bob@example.com", KeyKind.EcP256);
        var carol = TestPki.Issue("carol@example.com", KeyKind.Rsa3072);
        TestPki.WriteP12(_folder["office.p12"], "pw", [alice, bob, carol, .. TestPki.Chain]);
        await using var source = Open("office.p12", "pw");

        foreach (var expected in new[] { alice, bob, carol })
        {
            var address = CertificateTraits.Read(expected).Addresses[0];
            var choice = SigningChoice.Choose(address, await source.FindAsync(address, default), TestPki.Now);

            choice.Chosen!.Traits.Thumbprint.ShouldBe(expected.Thumbprint);
            choice.Chosen.Certificate.HasPrivateKey.ShouldBeTrue();
            choice.Chosen.KeyFault.ShouldBeNull();
            choice.Chosen.Chain.Select(certificate => certificate.Subject).ShouldBe(["CN=Test Intermediate", "CN=Test Root"]);
        }

        source.All.Count.ShouldBe(3);
        source.Problems.ShouldBeEmpty();
        (await source.FindAsync("dave@example.com", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_password_is_a_problem_that_does_not_show_it()
    {
        TestPki.WriteP12(_folder["office.p12"], "right", TestPki.Issue("alice@example.com"));
        await using var source = Open("office.p12", "wrong-secret");

        var problem = source.Problems.ShouldHaveSingleItem();
        problem.Reason.ShouldBe("the password is wrong");
        problem.ToString().ShouldNotContain("wrong-secret");
        problem.Location.ShouldBe(_folder["office.p12"]);
        source.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_password_a_protected_file_asks_for_one()
    {
        TestPki.WriteP12(_folder["office.p12"], "right", TestPki.Issue("alice@example.com"));

        await using var source = Pkcs12File.Open("office", _folder["office.p12"], null, new ManualTimeProvider(TestPki.Now));

        source.Problems.ShouldHaveSingleItem().Reason.ShouldBe("it needs a password");
    }

    [Fact]
    public async Task A_file_with_an_empty_password_opens_without_one()
    {
        TestPki.WriteP12(_folder["office.p12"], "", TestPki.Issue("alice@example.com"));

        await using var source = Pkcs12File.Open("office", _folder["office.p12"], null, new ManualTimeProvider(TestPki.Now));

        source.All.ShouldHaveSingleItem().KeyFault.ShouldBeNull();
    }

    [Fact]
    public async Task A_changed_password_file_opens_the_file()
    {
        TestPki.WriteP12(_folder["office.p12"], "right", TestPki.Issue("alice@example.com"));
        await using var source = Open("office.p12", "wrong");
        var before = source.Version;

        File.WriteAllText(_folder["password"], "right");
        source.LookNow();

        source.All.Count.ShouldBe(1);
        source.Problems.ShouldBeEmpty();
        source.Version.ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task A_missing_file_is_a_problem_and_found_when_it_comes()
    {
        await using var source = Open("office.p12", "pw");
        source.Problems.ShouldHaveSingleItem().Reason.ShouldBe("the file does not exist");

        TestPki.WriteP12(_folder["office.p12"], "pw", TestPki.Issue("alice@example.com"));
        source.LookNow();

        source.All.Count.ShouldBe(1);
        source.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_half_written_file_leaves_the_old_certificates_in_place()
    {
        TestPki.WriteP12(_folder["office.p12"], "pw", TestPki.Issue("alice@example.com"));
        await using var source = Open("office.p12", "pw");
        var next = TestPki.MakeP12("pw", TestPki.Issue("bob@example.com"));

        File.WriteAllBytes(_folder["office.p12"], next[..(next.Length / 2)]);
        source.LookNow();
        source.All.ShouldHaveSingleItem().Traits.HasAddress("alice@example.com").ShouldBeTrue();
        source.Problems.Count.ShouldBe(1);

        File.WriteAllBytes(_folder["office.p12"], next);
        source.LookNow();
        source.All.ShouldHaveSingleItem().Traits.HasAddress("bob@example.com").ShouldBeTrue();
        source.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_was_only_touched_is_not_parsed_again()
    {
        TestPki.WriteP12(_folder["office.p12"], "pw", TestPki.Issue("alice@example.com"));
        await using var source = Open("office.p12", "pw");
        var (before, version) = (source.All, source.Version);

        File.SetLastWriteTimeUtc(_folder["office.p12"], TestPki.Now.UtcDateTime.AddHours(-1));
        source.LookNow();

        source.All.ShouldBeSameAs(before);
        source.Version.ShouldBe(version);
    }

    private Pkcs12File Open(string name, string password)
    {
        File.WriteAllText(_folder["password"], password + "\n");
        return Pkcs12File.Open("office", _folder[name], SecretReader.FromFile(_folder["password"]), new ManualTimeProvider(TestPki.Now));
    }
}
