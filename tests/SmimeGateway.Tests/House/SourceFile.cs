using System.Text.RegularExpressions;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.House;

/// <summary>A file below <c>src</c>: where it lies, and what it says that it uses.</summary>
internal sealed partial record SourceFile(string Project, string Folder, string Stage, string Name, string RelativePath, string Text, int Lines)
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(From)]);

    public static IReadOnlyList<SourceFile> All => Read.Value;

    public IEnumerable<string> AllUsings => Using().Matches(Text).Select(match => match.Groups[1].Value);

    public IEnumerable<string> Usings(string root) =>
        AllUsings.Where(name => name.StartsWith(root + ".", StringComparison.Ordinal)).Select(name => name.Split('.')[1]);

    private static SourceFile From(string path)
    {
        var relative = Path.GetRelativePath(Path.Combine(Repository.Root, "src"), path).Replace('\\', '/');
        var segments = relative.Split('/');
        var text = File.ReadAllText(path);
        return new SourceFile(
            segments[0],
            string.Join('/', segments[..^1]),
            segments.Length > 2 ? segments[1] : string.Empty,
            Path.GetFileNameWithoutExtension(path),
            relative,
            text,
            text.AsSpan().Count('\n'));
    }

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
