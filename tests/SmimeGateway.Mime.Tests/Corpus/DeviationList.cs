namespace SmimeGateway.Mime.Tests.Corpus;

/// <summary>The files of a corpus that we deliberately read otherwise, each with its reason.</summary>
internal static class DeviationList
{
    /// <summary>Reads "name: reason" lines; lines with "#" are comments.</summary>
    public static IReadOnlyDictionary<string, string> Read(string corpus) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Corpus", corpus + ".deviations.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    /// <summary>Fails on a file that deviates without being listed, and on one that is listed and does not deviate.</summary>
    public static void Check(string corpus, IReadOnlyDictionary<string, IReadOnlyList<string>> differences)
    {
        var listed = Read(corpus);

        var unlisted = differences.Where(pair => pair.Value.Count > 0 && !listed.ContainsKey(pair.Key)).ToList();
        var obsolete = listed.Keys.Where(name => !differences.TryGetValue(name, out var found) || found.Count == 0).ToList();

        unlisted.ShouldBeEmpty(string.Join('\n', unlisted.Select(pair => pair.Key + "\n  " + string.Join("\n  ", pair.Value))));
        obsolete.ShouldBeEmpty("listed as deviations, but read as expected: " + string.Join(", ", obsolete));
    }
}
