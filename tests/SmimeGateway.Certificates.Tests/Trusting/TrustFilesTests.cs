using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Trusting;

/// <summary>A file of roots can be cut between two of them while it is written, and then nothing in it shows that more was to follow.</summary>
public sealed class TrustFilesTests : IDisposable
{
    private static readonly X509Certificate2[] Roots = [TestPki.Root, TestPki.Intermediate, TestPki.ForHost("unrelated.example")];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly TrustFiles _files;

    public TrustFilesTests() => _files = new TrustFiles(_time);

    public static TheoryData<string, int> Cuts { get; } = new() { { "file", 1 }, { "file", 2 }, { "folder", 1 }, { "folder", 2 }, { "folder", 0 } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cuts))]
    public void A_reload_while_roots_are_written_makes_nobody_take_a_part_for_all(string form, int cut)
    {
        Write(form, 3, _time.GetUtcNow().AddHours(-1));
        Read(form).ShouldBeEmpty();

        Write(form, cut, _time.GetUtcNow());
        Read(form).ShouldNotBeEmpty();
        _files.AcceptLoss();
        Read(form).ShouldNotBeEmpty();

        _time.Advance(TimeSpan.FromSeconds(1));
        Write(form, 3, _time.GetUtcNow());
        Read(form).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromHours(1));
        Write(form, cut, _time.GetUtcNow().AddMinutes(-1));
        Read(form).ShouldNotBeEmpty("what was meant then is not meant now");
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void What_a_reload_says_of_roots_that_were_just_written_counts_once_they_are_some_seconds_old(string form, int left)
    {
        Write(form, 3, _time.GetUtcNow().AddHours(-1));
        Read(form).ShouldBeEmpty();

        Write(form, left, _time.GetUtcNow());
        _files.AcceptLoss();
        _time.Advance(TimeSpan.FromSeconds(3));

        Read(form).ShouldBeEmpty();
    }

    private List<SourceProblem> Read(string form)
    {
        var problems = new List<SourceProblem>();
        _files.Read(form == "file" ? _folder["roots.pem"] : _folder.Path, problems);
        return problems;
    }

    private void Write(string form, int count, DateTimeOffset at)
    {
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            File.Delete(file);
        }

        if (form == "file")
        {
            WriteFile("roots.pem", Roots.Take(count), at);
        }

        for (var index = 0; form == "folder" && index < count; index++)
        {
            WriteFile($"{index}.pem", [Roots[index]], at);
        }

        Directory.SetLastWriteTimeUtc(_folder.Path, at.UtcDateTime);
    }

    private void WriteFile(string name, IEnumerable<X509Certificate2> roots, DateTimeOffset at)
    {
        File.WriteAllText(_folder[name], string.Concat(roots.Select(root => TestPki.MakeCertificatePem(root))));
        File.SetLastWriteTimeUtc(_folder[name], at.UtcDateTime);
    }
}
