using System.Reflection;
using System.Text.RegularExpressions;
using SmimeGateway.Host.Commands;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Commands;

public sealed partial class ExitCodeTests
{
    [Fact]
    public void Every_exit_code_is_a_line_of_the_operations_page_and_no_other_is()
    {
        var known = typeof(ExitCode).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => (int)field.GetRawConstantValue()!).Order();
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/operations.md"));
        var section = page[page.IndexOf("## Exit codes", StringComparison.Ordinal)..];

        Row().Matches(section[..section.IndexOf("\n## ", 1, StringComparison.Ordinal)]).Select(row => int.Parse(row.Groups[1].ValueSpan, null)).ShouldBe(known);
    }

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
