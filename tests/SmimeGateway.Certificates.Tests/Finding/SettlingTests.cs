using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>A file that is being written is read in any number of halves, and names nobody absent before it is whole.</summary>
public sealed class SettlingTests : IDisposable
{
    private static readonly string[] Blocks =
        [.. new[] { "a", "b", "c", "d" }.Select(name => TestPki.MakePem(TestPki.Issue($"{name}@example.com")))];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    // How much of the file each look finds: whole blocks, and half of the next one where there is a half.
    public static TheoryData<double[]> Looks { get; } = [[2], [1.5, 2], [1.5, 2, 3], [3, 2, 3], [0.5, 1, 1.5, 3], [2.5, 3], [3, 3.5, 3]];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Whoever_was_in_the_file_before_it_was_touched_is_missing_only_once_it_is_some_seconds_old(double[] looks)
    {
        Write(4, _time.GetUtcNow().AddHours(-1));
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, _time);
        (await source.FindAsync("d@example.com", default)).Count.ShouldBe(1);

        foreach (var look in looks)
        {
            Write(look, _time.GetUtcNow());
            source.LookNow();

            source.Problems.ShouldContain(problem => problem.Conceals, $"{look} blocks");
        }

        Write(4, _time.GetUtcNow());
        source.LookNow();
        source.Problems.ShouldBeEmpty();
        Write(3, _time.GetUtcNow());
        source.LookNow();
        source.Problems.ShouldContain(problem => problem.Conceals);
        _time.Advance(TimeSpan.FromSeconds(3));
        source.LookNow();
        source.Problems.ShouldBeEmpty();
        (await source.FindAsync("d@example.com", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_was_emptied_is_awaited_until_what_comes_into_it_is_some_seconds_old()
    {
        Write(4, _time.GetUtcNow().AddHours(-1));
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, _time);
        File.Delete(_folder["all.pem"]);
        source.LookNow();

        Write(2, _time.GetUtcNow());
        source.LookNow();
        source.Problems.ShouldContain(problem => problem.Conceals);

        _time.Advance(TimeSpan.FromSeconds(3));
        source.LookNow();
        source.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task That_a_folder_is_meant_to_be_empty_counts_once_nobody_changes_it_any_more()
    {
        Write(4, _time.GetUtcNow().AddHours(-1));
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, _time);
        File.Delete(_folder["all.pem"]);
        Directory.SetLastWriteTimeUtc(_folder.Path, _time.GetUtcNow().UtcDateTime);

        source.AcceptLoss();
        source.Problems.ShouldContain(problem => problem.Conceals);

        _time.Advance(TimeSpan.FromSeconds(3));
        source.LookNow();
        source.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_is_as_old_as_what_it_leads_to()
    {
        using var elsewhere = new TemporaryFolder();
        Write(4, _time.GetUtcNow().AddHours(-1));
        File.Move(_folder["all.pem"], elsewhere["all.pem"]);
        File.CreateSymbolicLink(_folder["all.pem"], elsewhere["all.pem"]);
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, _time);

        File.WriteAllText(elsewhere["all.pem"], string.Concat(Blocks.Take(2)));
        File.SetLastWriteTimeUtc(elsewhere["all.pem"], _time.GetUtcNow().UtcDateTime);
        source.LookNow();

        source.Problems.ShouldContain(problem => problem.Conceals);
    }

    [Fact]
    public async Task A_key_that_is_missing_in_a_file_of_keys_is_missing_only_once_that_file_is_some_seconds_old()
    {
        X509Certificate2[] own = [TestPki.Issue("a@example.com", KeyKind.EcP256), TestPki.Issue("b@example.com", KeyKind.EcP384)];
        File.WriteAllText(_folder["all.pem"], string.Concat(own.Select(one => TestPki.MakeCertificatePem(one))));
        string[] keys = [.. own.Select(one => one.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())];
        File.WriteAllText(_folder["all.key"], $"{keys[0]}\n{keys[1]}\n");
        await using var source = CertificateFolder.Open("folder", _folder.Path, null, _time);
        source.All.Count.ShouldBe(2);

        File.WriteAllText(_folder["all.key"], keys[0]);
        File.SetLastWriteTimeUtc(_folder["all.key"], _time.GetUtcNow().UtcDateTime);
        source.LookNow();

        source.Problems.ShouldContain(problem => problem.Conceals);
    }

    [Theory]
    [InlineData("a second certificate of a mailbox")]
    [InlineData("an issuer")]
    public async Task Whatever_was_in_the_file_is_missing_only_once_it_is_some_seconds_old(string missing)
    {
        var more = missing == "an issuer" ? TestPki.Intermediate : TestPki.Issue("a@example.com");
        var first = TestPki.MakeCertificatePem(TestPki.Issue("a@example.com"));
        File.WriteAllText(_folder["all.pem"], first + TestPki.MakeCertificatePem(more));
        await using var source = PartnerFolder.Open("folder", _folder.Path, isVouchedFor: false, _time);

        File.WriteAllText(_folder["all.pem"], first);
        File.SetLastWriteTimeUtc(_folder["all.pem"], _time.GetUtcNow().UtcDateTime);
        source.LookNow();
        source.Problems.ShouldContain(problem => problem.Conceals);

        File.WriteAllText(_folder["all.pem"], TestPki.MakeCertificatePem(TestPki.Issue("a@example.com")) + TestPki.MakeCertificatePem(more));
        File.SetLastWriteTimeUtc(_folder["all.pem"], _time.GetUtcNow().UtcDateTime);
        source.LookNow();
        source.Problems.ShouldBeEmpty("a certificate that took another's place");
    }

    private void Write(double blocks, DateTimeOffset at)
    {
        var whole = (int)blocks;
        File.WriteAllText(_folder["all.pem"], string.Concat(Blocks.Take(whole)) + (blocks > whole ? Blocks[whole][..400] : ""));
        File.SetLastWriteTimeUtc(_folder["all.pem"], at.UtcDateTime);
    }
}
