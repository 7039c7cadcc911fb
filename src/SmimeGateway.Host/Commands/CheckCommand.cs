using System.CommandLine;
using SmimeGateway.Host.Configuration;

namespace SmimeGateway.Host.Commands;

/// <summary><c>check</c>: everything that can be known about a configuration without running it.</summary>
internal static class CheckCommand
{
    public static Command Create(SharedOptions options)
    {
        var command = new Command("check", "Check the whole configuration: syntax, paths, keys, certificates and the days they have left, routes.");
        command.SetAction((parsed, cancellationToken) => CheckAsync(options, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> CheckAsync(SharedOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        var findings = await ConfigurationCheck.RunAsync(options.PathFrom(parsed), TimeProvider.System, cancellationToken);
        var errors = findings.Count(finding => finding.Severity == CheckSeverity.Error);
        var warnings = findings.Count(finding => finding.Severity == CheckSeverity.Warning);

        options.AnswerFor(parsed).Give(
            new { Errors = errors, Warnings = warnings, Findings = findings },
            console =>
            {
                var table = new AnswerTable("Result", "What", "Finding");
                foreach (var finding in findings)
                {
                    table.Add(Word(finding.Severity), finding.Subject, finding.Text);
                }

                console.Write(table);
                console.WriteLine($"{errors} error(s), {warnings} warning(s).{(findings.Any(finding => finding.PreventsStart) ? " The gateway does not start with this configuration." : "")}");
            });
        return findings.Any(finding => finding.PreventsStart) ? ExitCode.WrongUsage
            : errors == 0 ? ExitCode.Done
            : ExitCode.No;
    }

    private static string Word(CheckSeverity severity) => severity switch
    {
        CheckSeverity.Error => "error",
        CheckSeverity.Warning => "warning",
        CheckSeverity.Good => "good",
    };
}
