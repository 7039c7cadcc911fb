using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using SmimeGateway.Host.Commands.Asking;
using SmimeGateway.Host.Commands.Dkim;
using SmimeGateway.Host.Commands.Explaining;
using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Host.Commands.Partners;
using SmimeGateway.Host.Commands.Rehearsing;
using SmimeGateway.Host.Commands.Sending;
using SmimeGateway.Host.Commands.Users;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Commands;

/// <summary>The command line: every command with its options. Without a command the gateway runs.</summary>
internal static partial class CommandLine
{
    // An address or a rule may begin with "@", and names no file of further arguments.
    private static readonly ParserConfiguration Literally = new() { ResponseFileTokenReplacer = null };

    // A message may do without them, and does so on purpose.
    private static readonly string[] MayBeEmpty = ["--subject", "--text"];

    public static async Task<int> InvokeAsync(string[] args)
    {
        PlainWriter.Install();
        var parsed = Create().Parse(args, Literally);
        if (EmptyIn(parsed.CommandResult).ToList() is { Count: > 0 } empty)
        {
            empty.ForEach(name => Answer.Complain($"{name} is empty: is a variable of the shell not set?"));
            return ExitCode.WrongUsage;
        }

        if (parsed is { Errors.Count: > 0, Action: ParseErrorAction })
        {
            foreach (var error in parsed.Errors)
            {
                Answer.Complain(WordsOf(error.Message));
            }

            if (parsed.UnmatchedTokens.FirstOrDefault(File.Exists) is { } file)
            {
                Answer.Complain($"If {file} is the configuration, write --config {file}.");
            }

            Answer.Complain($"\"{string.Join(' ', CommandsOf(parsed.CommandResult))} --help\" says what there is.");
            return ExitCode.WrongUsage;
        }

        // The library would end the process two seconds after a signal, whatever it was doing; the gateway has its own way to end.
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : exitCode;
    }

    /// <summary>What the library has against an argument, in one line and without the names of types.</summary>
    internal static string WordsOf(string complaint) =>
        Unparsed().Match(complaint) is { Success: true } match
            ? $"{match.Groups[2].Value} takes a number, and '{match.Groups[1].Value}' is none."
            : Blanks().Replace(complaint, " ");

    /// <summary>The arguments and options of a command line, and of the commands above it, that were given a value with nothing in it.</summary>
    internal static IEnumerable<string> EmptyIn(CommandResult command) =>
        command.Children.Where(given => given.Tokens.Any(token => token.Value.Length == 0))
            .Select(given => (given as OptionResult)?.Option.Name ?? (given as ArgumentResult)?.Argument.Name).OfType<string>()
            .Except(MayBeEmpty)
            .Concat(command.Parent is CommandResult above ? EmptyIn(above) : []);

    private static IEnumerable<string> CommandsOf(CommandResult command) =>
        command.Parent is CommandResult above ? CommandsOf(above).Append(command.Command.Name) : [command.Command.Name];

    [GeneratedRegex("^Cannot parse argument '(.*)' for (?:option|command|argument) '(.*)' as expected type 'System\\.Int", RegexOptions.Singleline)]
    private static partial Regex Unparsed();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();

    /// <summary>All commands.</summary>
    public static Command Create()
    {
        var options = new SharedOptions();

        // A RootCommand would call itself by the name of the assembly, which differs from that of the executable.
        var root = new Command("smimegateway", "Signs and encrypts S/MIME mail in transit. Without a command the gateway runs.")
        {
            options.Configuration,
            options.Json,
            new HelpOption(),
            new VersionOption(),
        };
        root.SetAction((parsed, cancellationToken) => RunCommand.InvokeAsync(options.PathFrom(parsed), cancellationToken));
        root.Subcommands.Add(RunCommand.Create(options));
        root.Subcommands.Add(CheckCommand.Create(options));
        root.Subcommands.Add(TestCommand.Create(options));
        root.Subcommands.Add(ExplainCommand.Create(options));
        root.Subcommands.Add(SendCommand.Create(options));
        root.Subcommands.Add(VerifyCommand.Create(options));
        root.Subcommands.Add(DecryptCommand.Create(options));
        root.Subcommands.Add(CertCommand.Create(options));
        root.Subcommands.Add(DirectoryCommand.Create(options));
        root.Subcommands.Add(DkimCommand.Create(options));
        root.Subcommands.Add(UserCommand.Create(options));
        root.Subcommands.Add(StatusCommand.Create(options));
        root.Subcommands.Add(HealthCommand.Create(options));
        root.Subcommands.Add(QueueCommand.Create(options));
        root.Subcommands.Add(LogCommand.Create(options));
        return root;
    }
}
