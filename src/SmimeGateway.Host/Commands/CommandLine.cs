using System.CommandLine;

namespace SmimeGateway.Host.Commands;

/// <summary>The command line: every command with its options. Without a command the gateway runs.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(string[] args)
    {
        var options = new SharedOptions();
        var root = new RootCommand("Signs, encrypts, verifies and decrypts S/MIME mail in transit.")
        {
            options.Configuration,
            options.Json,
        };
        root.SetAction((parsed, cancellationToken) => RunCommand.InvokeAsync(options.PathFrom(parsed), cancellationToken));
        root.Subcommands.Add(RunCommand.Create(options));
        root.Subcommands.Add(CheckCommand.Create(options));
        root.Subcommands.Add(TestCommand.Create(options));
        root.Subcommands.Add(ExplainCommand.Create(options));
        root.Subcommands.Add(VerifyCommand.Create(options));
        root.Subcommands.Add(CertCommand.Create(options));
        root.Subcommands.Add(StatusCommand.Create(options));

        var parsed = root.Parse(args);
        var exitCode = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : exitCode;
    }
}
