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

    private void Write(double blocks, DateTimeOffset at)
    {
        var whole = (int)blocks;
        File.WriteAllText(_folder["all.pem"], string.Concat(Blocks.Take(whole)) + (blocks > whole ? Blocks[whole][..400] : ""));
        File.SetLastWriteTimeUtc(_folder["all.pem"], at.UtcDateTime);
    }
}
