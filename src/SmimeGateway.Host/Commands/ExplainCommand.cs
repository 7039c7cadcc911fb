using System.CommandLine;
using Spectre.Console;

namespace SmimeGateway.Host.Commands;

/// <summary><c>explain</c>: the decision alone, with the reason why each earlier rule did not apply.</summary>
internal static class ExplainCommand
{
    public static Command Create(SharedOptions options)
    {
        var trial = new TrialOptions();
        var command = new Command("explain", "Say which rule decides for a sender and a recipient, and why the earlier ones do not.")
        {
            trial.From, trial.To, trial.Subject, trial.Listener, trial.Client,
        };
        command.SetAction((parsed, _) => Task.FromResult(Explain(options, trial, parsed)));
        return command;
    }

    private static int Explain(SharedOptions options, TrialOptions trial, ParseResult parsed)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway || trial.Read(parsed, gateway) is not { } message)
        {
            return ExitCode.WrongUsage;
        }

        var rules = new Deciding.RuleBook(gateway.Rules, gateway.Otherwise, gateway.Encryption);
        var explained = rules.Explain(message.Facts, message.Recipient).Select(entry => new
        {
            Rule = entry.Rule.Name,
            Applies = entry.Mismatch == Deciding.RuleMismatch.None,
            Reason = Sentences.Of(entry.Mismatch),
        }).ToList();
        var decision = rules.Decide(message.Facts, message.Recipient);

        options.AnswerFor(parsed).Give(
            new { From = message.Facts.Sender.Address, To = message.Recipient.Address, Rules = explained, Decision = decision.RuleName, decision.Action },
            console =>
            {
                var table = Answer.Table("Rule", "Applies", "Reason");
                foreach (var rule in explained)
                {
                    Answer.AddRow(table, rule.Rule, rule.Applies ? "yes" : "no", rule.Reason);
                }

                console.Write(table);
                console.WriteLine($"Decision: {Sentences.Of(decision)}");
            });
        return ExitCode.Done;
    }
}
