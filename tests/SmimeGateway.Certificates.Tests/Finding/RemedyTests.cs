using SmimeGateway.Certificates.Finding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>What cannot be read is told as what it is, with what helps.</summary>
public sealed class RemedyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(-1)]
    public async Task A_pkcs12_file_that_is_not_whole_is_copied_again(int length)
    {
        var whole = TestPki.MakeP12("secret", TestPki.Issue("a@example.com"));
        File.WriteAllBytes(_folder["a.pfx"], whole[..(length < 0 ? whole.Length + length : length)]);

        await using var file = Pkcs12File.Open("own", _folder["a.pfx"], password: null, _time);
        await using var own = CertificateFolder.Open("own", _folder.Path, password: null, _time);

        var problems = file.Problems.Concat(own.Problems).ToList();
        problems.Count.ShouldBe(2);
        problems.ShouldAllBe(problem => problem.Conceals);
        if (length is not 1)
        {
            problems.ShouldAllBe(problem => problem.Remedy.StartsWith("Copy it again", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_pkcs12_file_of_a_partner_that_is_not_whole_is_copied_again()
    {
        File.WriteAllBytes(_folder["a.pfx"], TestPki.MakeP12("secret", TestPki.Issue("a@example.com"))[..^20]);

        await using var partners = PartnerFolder.Open("partners", _folder.Path, isVouchedFor: true, _time);

        partners.Problems.ShouldHaveSingleItem().Remedy.ShouldStartWith("Copy it again");
    }

    [Fact]
    public async Task A_variable_that_is_not_set_takes_a_restart()
    {
        File.WriteAllBytes(_folder["a.pfx"], TestPki.MakeP12("secret", TestPki.Issue("a@example.com")));
        TestPki.WritePem(_folder["a.pem"], TestPki.Issue("a@example.com"), "secret");
        var unset = SecretReader.FromEnvironment("SMIMEGATEWAY_NEVER_SET");

        await using var file = Pkcs12File.Open("own", _folder["a.pfx"], unset, _time);
        await using var pem = PemPair.Open("own", _folder["a.pem"], null, unset, _time);
        await using var own = CertificateFolder.Open("own", _folder.Path, unset, _time);

        var problems = file.Problems.Concat(pem.Problems).Concat(own.Problems).ToList();
        problems.Count.ShouldBe(4);
        problems.ShouldAllBe(problem => problem.Reason.Contains("SMIMEGATEWAY_NEVER_SET", StringComparison.Ordinal) && problem.Remedy.Contains("restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file_and_a_file_in_the_place_of_a_folder_are_not_said_to_be_missing()
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.WriteAllBytes(_folder["a.pfx"], TestPki.MakeP12("secret", TestPki.Issue("a@example.com")));
        TestPki.WritePem(_folder["a.pem"], TestPki.Issue("a@example.com"));
        File.WriteAllText(_folder["file"], "x");

        await using var file = Pkcs12File.Open("own", _folder["folder"], password: null, _time);
        await using var password = Pkcs12File.Open("own", _folder["a.pfx"], SecretReader.FromFile(_folder["folder"]), _time);
        await using var pem = PemPair.Open("own", _folder["folder"], keyPath: null, password: null, _time);
        await using var key = PemPair.Open("own", _folder["a.pem"], _folder["folder"], password: null, _time);
        await using var own = CertificateFolder.Open("own", _folder["file"], password: null, _time);
        await using var partners = PartnerFolder.Open("partners", _folder["file"], isVouchedFor: false, _time);

        foreach (var problem in new[] { file.Problems, password.Problems, pem.Problems, key.Problems, own.Problems, partners.Problems }.Select(problems => problems.ShouldHaveSingleItem()))
        {
            problem.Reason.ShouldStartWith(problem.Location.EndsWith("file", StringComparison.Ordinal) ? "a file stands where the folder" : "a folder stands where the ");
            problem.Conceals.ShouldBeTrue();
        }
    }
}
