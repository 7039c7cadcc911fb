using System.CommandLine;
using SmimeGateway.Host.Commands;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public void No_complaint_about_an_argument_names_a_type()
    {
        var complaints = Below(CommandLine.Create(), [])
            .SelectMany(entry => entry.Command.Options.Where(option => option.Arity.MaximumNumberOfValues > 0).Select(option => (string[])[.. entry.Path, option.Name, "non sense"]))
            .SelectMany(line => CommandLine.Create().Parse(line).Errors.Select(error => CommandLine.WordsOf(error.Message)))
            .ToList();

        complaints.ShouldContain("--lines takes a number, and 'non sense' is none.");
        complaints.ShouldContain(complaint => complaint.StartsWith("Argument 'non sense' not recognized. Must be one of: ", StringComparison.Ordinal));
        complaints.ShouldAllBe(complaint => !complaint.Contains("expected type", StringComparison.Ordinal) && !complaint.Contains('\n'));
    }

    private static IEnumerable<(Command Command, string[] Path)> Below(Command command, string[] path) =>
        command.Subcommands.SelectMany(sub => Below(sub, [.. path, sub.Name])).Prepend((command, path));
}
