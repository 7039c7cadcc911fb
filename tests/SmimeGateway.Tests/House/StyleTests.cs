using System.Text.RegularExpressions;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.House;

/// <summary>The style that a build does not check.</summary>
public sealed partial class StyleTests
{
    private static readonly Lazy<IReadOnlyList<(string Path, string[] Lines)>> Written = new(() =>
        [.. new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(path => (Path.GetRelativePath(Repository.Root, path), File.ReadAllLines(path)))]);

    [Fact]
    public void Usings_stand_in_order_with_those_of_the_system_first()
    {
        var disorderly = Written.Value.Where(file =>
        {
            var usings = file.Lines.Select(line => Using().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToList();
            return !usings.SequenceEqual(usings.OrderBy(RankOf, StringComparer.OrdinalIgnoreCase));
        });

        disorderly.Select(file => file.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("var x = this.count;", true)]
    [InlineData("String name = Read();", true)]
    [InlineData("return String.Empty;", true)]
    [InlineData("System.Int32[] counts = [];", true)]
    [InlineData("if (kind == JsonValueKind.String)", false)]
    [InlineData("/// No more than this.", false)]
    [InlineData("public static int Count(this string text)", false)]
    [InlineData("{ \"text\", \"String. this.\" },", false)]
    public void A_name_longer_than_needed_is_recognised(string line, bool isLong) => IsLongName(line).ShouldBe(isLong);

    [Fact]
    public void No_member_and_no_type_of_the_language_has_a_longer_name_than_needed()
    {
        var longer =
            from file in Written.Value
            from line in file.Lines
            where IsLongName(line) && !file.Path.EndsWith("StyleTests.cs", StringComparison.Ordinal)
            select $"{file.Path}: {line.Trim()}";

        longer.ShouldBeEmpty();
    }

    // A point counts for less than any letter: the names within a namespace follow it at once.
    private static string RankOf(string name) =>
        (name == "System" || name.StartsWith("System.", StringComparison.Ordinal) ? "0" : "1") + name.Replace('.', '\u0001');

    private static bool IsLongName(string line) =>
        !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && LongName().IsMatch(Quoted().Replace(line, "\"\""));

    [GeneratedRegex(@"^using ([\w.]+);")]
    private static partial Regex Using();

    [GeneratedRegex(""" "(?:[^"\\]|\\.)*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"\bthis\.\w|(?<![\w.])(?:System\.)?(?:String|Boolean|Byte|SByte|Int16|UInt16|Int32|UInt32|Int64|UInt64|Single|Double|Decimal|Char|Object)(?:\.\w|\??(?:\[\])*>?\s\w+\s?[;=,)({])")]
    private static partial Regex LongName();
}
