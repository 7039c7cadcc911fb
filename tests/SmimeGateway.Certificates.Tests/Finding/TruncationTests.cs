using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>A file that is not whole is not taken for one that holds less.</summary>
public sealed class TruncationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pem_that_is_cut_anywhere_conceals_something_unless_it_is_cut_between_two_blocks()
    {
        var whole = TestPki.MakeCertificatePem(TestPki.Issue("alice@example.com"), TestPki.Issue("bob@example.com", KeyKind.EcP256))
            + TestPki.MakeKeyPem(TestPki.Issue("alice@example.com")) + TestPki.MakeKeyPem(TestPki.Issue("bob@example.com", KeyKind.EcP256));
        var ends = Ends(whole);

        for (var length = 0; length < whole.Length; length++)
        {
            var reading = PemReader.Read("source", "file", Encoding.ASCII.GetBytes(whole[..length]), password: null, FileNaming.Source);

            (reading.Problems.Any(problem => problem.Conceals) || ends.Contains(length)).ShouldBeTrue($"{length} octets");
        }
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("cer")]
    [InlineData("p7b")]
    [InlineData("txt")]
    public void A_file_of_certificates_that_is_cut_anywhere_is_unreadable_in_part(string kind)
    {
        var certificate = TestPki.Public(TestPki.Issue("alice@example.com", KeyKind.EcP256));
        var pem = TestPki.MakeCertificatePem(certificate, TestPki.Intermediate);
        var whole = kind switch
        {
            "pem" => Encoding.ASCII.GetBytes(pem),
            "cer" => certificate.RawData,
            "p7b" => new X509Certificate2Collection((X509Certificate2[])[certificate, .. TestPki.Chain]).Export(X509ContentType.Pkcs7)!,
            _ => Encoding.ASCII.GetBytes(Convert.ToBase64String(certificate.RawData)),
        };
        var ends = kind == "pem" ? Ends(pem) : [];

        for (var length = 0; length < whole.Length; length++)
        {
            var lacksOnlyPadding = kind == "txt" && whole[length] == '=';
            (CertificateFile.Read(whole.AsMemory(0, length)).Unreadable > 0 || ends.Contains(length) || lacksOnlyPadding).ShouldBeTrue($"{length} octets");
        }
    }

    [Fact]
    public async Task A_file_that_shrank_between_two_blocks_a_moment_ago_conceals_something_until_it_is_settled()
    {
        var (alice, bob) = (TestPki.Issue("alice@example.com"), TestPki.Issue("bob@example.com"));
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddYears(80));
        File.WriteAllText(_folder["both.pem"], TestPki.MakePem(alice) + TestPki.MakePem(bob));
        Stamp(time.GetUtcNow().AddHours(-1));
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, time);
        source.Problems.ShouldBeEmpty();

        File.WriteAllText(_folder["both.pem"], TestPki.MakePem(alice));
        Stamp(time.GetUtcNow());
        source.LookNow();
        source.Problems.ShouldHaveSingleItem().Conceals.ShouldBeTrue();
        (await source.FindAsync("alice@example.com", default)).Count.ShouldBe(1);

        // A notification of the system may put a look off to a moment at which it is too early.
        time.Advance(TimeSpan.FromSeconds(30));
        source.Problems.ShouldBeEmpty();
        (await source.FindAsync("bob@example.com", default)).ShouldBeEmpty();

        void Stamp(DateTimeOffset moment) => File.SetLastWriteTimeUtc(_folder["both.pem"], moment.UtcDateTime);
    }

    [Fact]
    public async Task A_file_that_loses_all_its_keys_keeps_them_and_conceals_something()
    {
        TestPki.WritePem(_folder["alice.pem"], TestPki.Issue("alice@example.com"));
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, new ManualTimeProvider(TestPki.Now));

        File.WriteAllText(_folder["alice.pem"], TestPki.MakeCertificatePem(TestPki.Chain));
        source.LookNow();

        source.All.ShouldHaveSingleItem().KeyFault.ShouldBeNull();
        source.Problems.ShouldHaveSingleItem().Conceals.ShouldBeTrue();
    }

    [Fact]
    public async Task A_certificate_whose_key_was_not_copied_yet_conceals_something()
    {
        File.WriteAllText(_folder["alice.pem"], TestPki.MakeCertificatePem(TestPki.Issue("alice@example.com")));
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, new ManualTimeProvider(TestPki.Now));
        source.Problems.ShouldHaveSingleItem().Reason.ShouldStartWith("the private key of");

        File.WriteAllText(_folder["alice.key"], TestPki.MakeKeyPem(TestPki.Issue("alice@example.com")));
        source.LookNow();

        source.Problems.ShouldBeEmpty();
        source.All.Count.ShouldBe(1);
    }

    private static HashSet<int> Ends(string pem)
    {
        var ends = new HashSet<int>();
        for (var at = pem.IndexOf("-----END ", StringComparison.Ordinal); at >= 0; at = pem.IndexOf("-----END ", at + 1, StringComparison.Ordinal))
        {
            // Whole once the label of the end is, whatever of its dashes and of the line end follows.
            var label = pem.IndexOf("-----", at + 9, StringComparison.Ordinal);
            ends.UnionWith(Enumerable.Range(label, 7));
        }

        return ends;
    }
}
