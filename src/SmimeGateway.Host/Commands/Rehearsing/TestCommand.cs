using System.CommandLine;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>
/// <c>test</c>: takes a message down the real path without sending it, and shows every decision, the structure that results, and the
/// verdict of verifying it again.
/// </summary>
internal static class TestCommand
{
    public static Command Create(SharedOptions options)
    {
        var trial = new TrialOptions();
        var rule = new Option<string?>("--rule") { Description = "Ask this rule alone, whether or not it would match.", HelpName = "NAME" };
        var allRules = new Option<bool>("--all-rules") { Description = "Ask each rule in turn, with addresses that fit its patterns." };
        var output = new Option<FileInfo?>("--out") { Description = "Write the resulting message here; of several, the first here and the others beside it, as NAME.2.eml and so on.", HelpName = "FILE" };
        var command = new Command("test", "Take a message down the real path without sending it: rules, certificates, structure, verification.")
        {
            trial.From, trial.To, trial.Bcc, trial.Subject, trial.Listener, trial.Client, trial.Message, rule, allRules, output,
        };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(allRules)
            ? TestAllAsync(options, trial, parsed, cancellationToken)
            : TestAsync(options, trial, parsed, parsed.GetValue(rule), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> TestAsync(
        SharedOptions options, TrialOptions trial, ParseResult parsed, string? rule, FileInfo? output, CancellationToken cancellationToken)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        if (rule is not null)
        {
            var only = gateway.Rules.FirstOrDefault(candidate => candidate.Name.Equals(rule, StringComparison.OrdinalIgnoreCase));
            if (only is null)
            {
                Answer.Complain($"There is no rule \"{rule}\". There are: {string.Join(", ", gateway.Rules.Select(candidate => candidate.Name))}.");
                return ExitCode.WrongUsage;
            }

            gateway = OnlyRule(gateway, only);
        }

        if (trial.Read(parsed, gateway) is not { } message)
        {
            return ExitCode.WrongUsage;
        }

        await using var rehearsal = new Rehearsal(gateway);
        var result = await rehearsal.PerformAsync(message, otherRules: null, cancellationToken);
        if (output is not null)
        {
            try
            {
                result = await WriteFilesAsync(result, output, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Answer.Complain($"{output.FullName} cannot be written: {FileHindrance.OfMaking(exception, output.FullName)}.");
                return ExitCode.WrongUsage;
            }
        }

        options.AnswerFor(parsed).Give(result, console => RehearsalText.Write(console, result));
        return result.IsGood ? ExitCode.Done : ExitCode.No;
    }

    private static async Task<int> TestAllAsync(SharedOptions options, TrialOptions trial, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (trial.FindGiven(parsed) is { } given)
        {
            Answer.Complain($"--all-rules makes up its messages: leave {given} out, or ask one rule with --rule.");
            return ExitCode.WrongUsage;
        }

        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        await using var rehearsal = new Rehearsal(gateway);
        var results = new List<RehearsalResult>();
        foreach (var rule in gateway.Rules)
        {
            var message = SampleMessage.For(gateway, rule, rehearsal);
            results.Add(message is null
                ? RehearsalResult.NotPossible(rule.Name, "no address could be made up that fits the rule's patterns")
                : await rehearsal.PerformAsync(message, OnlyRule(gateway, rule), cancellationToken));
        }

        options.AnswerFor(parsed).Give(results, console =>
        {
            foreach (var result in results)
            {
                console.WriteLine();
                console.WriteLine($"=== {result.Rule}");
                RehearsalText.Write(console, result);
            }
        });
        return results.TrueForAll(result => result.IsGood) ? ExitCode.Done : ExitCode.No;
    }

    // The rule's own conditions are dropped: the question is what it does, not whether it applies.
    private static GatewayOptions OnlyRule(GatewayOptions gateway, RuleOptions rule) =>
        gateway with { Rules = [rule with { When = new RuleConditions() }] };

    private static async Task<RehearsalResult> WriteFilesAsync(RehearsalResult result, FileInfo output, CancellationToken cancellationToken)
    {
        var written = new List<RehearsedMessage>();
        foreach (var message in result.Messages)
        {
            // A message that is held does not leave, and its seal is of no use to anybody.
            var number = written.Count(other => other.File is not null) + 1;
            var file = message.Content.Length == 0 ? null
                : number == 1 ? output.FullName
                : Path.ChangeExtension(output.FullName, $"{number}{output.Extension}");
            if (file is not null)
            {
                await File.WriteAllBytesAsync(file, message.Content, cancellationToken);
            }

            written.Add(message with { File = file });
        }

        return result with { Messages = written };
    }
}
