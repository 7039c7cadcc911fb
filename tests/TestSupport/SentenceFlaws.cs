using System.Text.RegularExpressions;

namespace SmimeGateway.TestSupport;

/// <summary>What makes a sentence to an administrator clumsy: the same path or beginning twice, and points where none belong.</summary>
public static partial class SentenceFlaws
{
    /// <summary>One line for each flaw.</summary>
    public static IReadOnlyList<string> In(string text) =>
    [
        .. text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries).SelectMany(line =>
            Points().Matches(line).Select(match => $"\"{match.Value}\" in: {line}")
                .Concat(line.Split(". ").SelectMany(sentence => Paths().Matches(sentence).CountBy(match => match.Value))
                    .Where(path => path.Value > 1)
                    .Select(path => $"{path.Key} twice in: {line}"))
                .Concat(Beginnings().Matches(line).Select(match => $"\"{match.Groups[1].Value}\" twice in: {line}"))),
    ];

    // Three of them leave something out, and two begin a path.
    [GeneratedRegex(@"(?<!\.)\.[;:,](?!\.)|(?<![./])\.\.(?![./])|: :|\. \.")]
    private static partial Regex Points();

    [GeneratedRegex(@"(?<![\w.:/])/[\w.-]+(?:/[\w.-]+)+(?<!\.)")]
    private static partial Regex Paths();

    [GeneratedRegex(@"(?:^|: )([^:]{3,}): \1: ")]
    private static partial Regex Beginnings();
}
