using System.CommandLine;
using System.CommandLine.Help;
using SmimeGateway.Host.Commands.Asking;
using SmimeGateway.Host.Commands.Dkim;
using SmimeGateway.Host.Commands.Explaining;
using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Host.Commands.Partners;
using SmimeGateway.Host.Commands.Rehearsing;
using SmimeGateway.Host.Commands.Users;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Commands;

/// <summary>The command line: every command with its options. Without a command the gateway runs.</summary>
internal static class CommandLine
{
    // An address or a rule may begin with "@", and names no file of further arguments.
    private static readonly ParserConfiguration Literally = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> InvokeAsync(string[] args)
    {
        PlainWriter.Install();
        var parsed = Create().Parse(args, Literally);

        // The library would end the process two seconds after a signal, whatever it was doing; the gateway has its own way to end.
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : exitCode;
    }

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
