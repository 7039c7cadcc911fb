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

    public static TheoryData<string, string[]> EmptyValues
    {
        get
        {
            var rows = new TheoryData<string, string[]>();
            foreach (var (command, path) in Below(CommandLine.Create(), []))
            {
                foreach (var option in command.Options.Where(TakesValue))
                {
                    rows.Add(option.Name, [.. path, option.Name, ""]);
                }

                foreach (var argument in command.Arguments)
                {
                    rows.Add(argument.Name, [.. path, .. command.Arguments.Select(each => each == argument ? "" : "something")]);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(EmptyValues))]
    public void A_value_with_nothing_in_it_is_wrong_usage_of_every_command(string name, string[] line)
    {
        string[] empty = [.. CommandLine.EmptyIn(CommandLine.Create().Parse(line).CommandResult)];

        empty.ShouldBe(name is "--subject" or "--text" ? [] : [name], string.Join(' ', line));
    }

    [Fact]
    public void With_an_equals_sign_and_nothing_behind_it_no_option_has_a_value()
    {
        foreach (var (command, path) in Below(CommandLine.Create(), []))
        {
            foreach (var option in command.Options.Where(TakesValue))
            {
                string[] line = [.. path, option.Name + "="];
                CommandLine.Create().Parse(line).Errors.ShouldContain(error => error.Message.Contains(option.Name, StringComparison.Ordinal), string.Join(' ', line));
            }
        }
    }

    [Fact]
    public void An_option_of_the_commands_above_is_no_exception()
    {
        CommandLine.EmptyIn(CommandLine.Create().Parse(["queue", "list", "--socket", "", "--config", ""]).CommandResult).ShouldBe(["--config", "--socket"], ignoreOrder: true);
        CommandLine.EmptyIn(CommandLine.Create().Parse(["--config", "", "check"]).CommandResult).ShouldBe(["--config"]);
    }

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static IEnumerable<(Command Command, string[] Path)> Below(Command command, string[] path) =>
        command.Subcommands.SelectMany(sub => Below(sub, [.. path, sub.Name])).Prepend((command, path));
}
