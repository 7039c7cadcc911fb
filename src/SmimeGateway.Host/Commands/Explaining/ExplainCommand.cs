using System.CommandLine;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Host.Commands.Rehearsing;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Commands.Explaining;

/// <summary><c>explain</c>: the decision alone, with the reason why each earlier rule did not apply, and the terms the rule works by.</summary>
internal static class ExplainCommand
{
    public static Command Create(SharedOptions options)
    {
        var trial = new TrialOptions();
        var command = new Command("explain", "Say which rule decides for a sender and a recipient, why the earlier ones do not, and by which terms it works.")
        {
            trial.From, trial.To, trial.Subject, trial.Listener, trial.Client,
        };
        command.SetAction((parsed, _) => ExplainAsync(options, trial, parsed));
        return command;
    }

    private static async Task<int> ExplainAsync(SharedOptions options, TrialOptions trial, ParseResult parsed)
    {
        var loaded = LoadedConfiguration.LoadWithDocument(options.PathFrom(parsed));
        if (loaded.Options is not { } gateway || trial.Read(parsed, gateway) is not { } message)
        {
            return ExitCode.WrongUsage;
        }

        await using var domains = SigningDomains.Open(gateway.Dkim, TimeProvider.System);
        var rules = new RuleBook(gateway.Rules, gateway.Otherwise, gateway.Encryption);
        var explained = message.Recipients
            .Select(recipient => Explain(gateway, rules, domains, message, recipient, loaded.Document!))
            .ToList();
        options.AnswerFor(parsed).Give(
            new { From = message.Facts.Sender.Address, Recipients = explained },
            console => explained.ForEach(entry => Write(console, entry)));
        return ExitCode.Done;
    }

    private static ExplainedRecipient Explain(
        GatewayOptions gateway, RuleBook rules, SigningDomains domains, TrialMessage message, MailPath recipient, ConfigurationNode document)
    {
        var facts = message.Facts;
        var judged = rules.Explain(facts, recipient)
            .Select(entry => new ExplainedRule(entry.Rule.Name, entry.Mismatch == RuleMismatch.None, entry.Mismatch.Words()))
            .ToList();
        var decision = rules.Decide(facts, recipient);
        var position = gateway.Rules.ToList().FindIndex(rule => rule.Name == decision.RuleName);
        return new ExplainedRecipient(
            recipient.Address,
            judged,
            decision.RuleName,
            decision.Action,
            Sentences.Of(decision),
            position < 0 ? [] : TermsInForce.Of(gateway, position, document),
            gateway.Routes.Any(route => route.Recipients.Any(pattern => AddressPattern.Parse(pattern).Matches(recipient.Address))))
        {
            Dkim = DkimInForce.Of(gateway, domains, message, decision),
        };
    }

    private static void Write(PlainConsole console, ExplainedRecipient explained)
    {
        console.WriteLine($"To {explained.To}:");
        var table = new AnswerTable("Rule", "Applies", "Reason");
        foreach (var rule in explained.Rules)
        {
            table.Add(rule.Rule, rule.Applies ? "yes" : "no", rule.Reason);
        }

        console.Write(table);
        if (explained.Terms.Count > 0)
        {
            var terms = new AnswerTable("Key", "Value", "From");
            foreach (var term in explained.Terms)
            {
                terms.Add(term.Key, term.Value, term.Source);
            }

            console.Write(terms);
        }

        console.WriteLine($"Decision: {explained.Sentence}");
        if (explained.Dkim is { } dkim)
        {
            console.WriteLine($"DKIM: {dkim}");
        }

        if (!explained.HasRoute)
        {
            console.WriteLine("But no route covers the recipient, who is refused with 550 5.1.2 before any rule is asked. Add a route.");
        }
    }
}
