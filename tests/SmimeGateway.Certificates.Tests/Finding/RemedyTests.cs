using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;
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

    public static TheoryData<string, bool, string?, FileNaming> FaultyFiles()
    {
        var data = new TheoryData<string, bool, string?, FileNaming>();
        foreach (var naming in Enum.GetValues<FileNaming>())
        {
            foreach (var (fault, isPkcs12, password) in new (string, bool, string?)[]
                {
                    ("protected", true, null), ("protected", true, "wrong"), ("protected", false, null), ("protected", false, "wrong"), ("of the other kind", true, null), ("of the other kind", false, null),
                })
            {
                data.Add(fault, isPkcs12, password, naming);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(FaultyFiles))]
    public void A_remedy_names_what_is_there_where_the_file_is_named(string fault, bool isPkcs12, string? password, FileNaming naming)
    {
        var alice = TestPki.Issue("alice@example.com");
        TestPki.WritePem(_folder["a.pem"], alice, "secret");
        var (p12, pem) = (TestPki.MakeP12("secret", alice), File.ReadAllBytes(_folder["a.pem"]));
        var content = isPkcs12 == (fault == "protected") ? p12 : pem;

        var reading = isPkcs12
            ? Pkcs12Reader.Read("source", "/x/a.pfx", content, password, naming)
            : PemReader.Read("source", "/x/a.pem", content, password, naming);

        var remedy = reading.Problems.ShouldHaveSingleItem().Remedy;
        var namesKeys = naming is FileNaming.Source or FileNaming.Route;
        remedy.Contains("\"pem\"", StringComparison.Ordinal).ShouldBe(namesKeys && fault != "protected", remedy);
        remedy.Contains("\"pkcs12\"", StringComparison.Ordinal).ShouldBe(namesKeys && fault != "protected", remedy);
        remedy.Contains("\"password\"", StringComparison.Ordinal).ShouldBe(fault == "protected" && password is null && (namesKeys || naming == FileNaming.Listener), remedy);
        remedy.Contains("a.password beside it", StringComparison.Ordinal).ShouldBe(fault == "protected" && (naming is FileNaming.Folder or FileNaming.PartnerFolder), remedy);
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file_is_to_be_named_with_folder_only_where_there_is_such_a_key()
    {
        Directory.CreateDirectory(_folder["folder"]);
        foreach (var naming in Enum.GetValues<FileNaming>())
        {
            await using var file = Pkcs12File.Open("own", _folder["folder"], password: null, _time, naming);

            file.Problems.ShouldHaveSingleItem().Remedy.Contains("\"folder\"", StringComparison.Ordinal).ShouldBe(naming == FileNaming.Source);
        }
    }
}
