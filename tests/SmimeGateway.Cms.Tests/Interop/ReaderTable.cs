using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>The published table of who reads what, in Markdown.</summary>
internal static class ReaderTable
{
    /// <summary>A line per kind of key and padding, a column per judge, the digests that are read in the cells.</summary>
    public static IEnumerable<string> Render(IReadOnlyList<string> judges)
    {
        yield return $"| key and padding | {string.Join(" | ", judges)} |";
        yield return "|---" + string.Concat(judges.Select(_ => "|---")) + "|";
        foreach (var kind in Combination.All.GroupBy(NameKind))
        {
            yield return $"| {kind.Key} | {string.Join(" | ", judges.Select(judge => Digests(judge, [.. kind])))} |";
        }
    }

    private static string NameKind(Combination combination) =>
        TestKeys.IsElliptic(combination.Key) ? combination.KeyName : "RSA 2048 to 4096, " + combination.PaddingName;

    private static string Digests(string judge, IReadOnlyList<Combination> kind)
    {
        var read = kind.GroupBy(combination => combination.DigestName)
            .Where(digest => digest.All(combination => ExpectedReaders.Reads(judge, combination)))
            .Select(digest => digest.Key)
            .ToList();
        var all = kind.Select(combination => combination.DigestName).Distinct().Count();
        return read.Count == all ? "all" : read.Count == 0 ? "none" : string.Join(", ", read);
    }
}
