using System.Net;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Deciding;

public sealed class RuleBookTests
{
    [Fact]
    public void The_first_rule_that_matches_wins()
    {
        var rules = Book(Rule("first", recipient: "*@b.example"), Rule("second", sender: "alice@a.example"), Rule("third"));

        Decide(rules, "alice@a.example", "bob@b.example").ShouldBe("first");
        Decide(rules, "alice@a.example", "bob@c.example").ShouldBe("second");
        Decide(rules, "carol@a.example", "bob@c.example").ShouldBe("third");
    }

    [Fact]
    public void Without_a_match_the_configured_default_decides()
    {
        var rules = new RuleBook([Rule("only", sender: "x@y.example")], WhenNoRuleMatches.Reject, new EncryptionOptions());

        var decision = rules.Decide(Facts("alice@a.example"), Path("bob@b.example"));

        decision.RuleName.ShouldBe(Decision.Otherwise);
        decision.Action.ShouldBe(DecisionAction.Reject);
    }

    [Fact]
    public void A_star_rule_never_catches_a_bounce()
    {
        var rules = Book(Rule("all", sender: "*"), Rule("bounces", sender: "<>"));

        Decide(rules, string.Empty, "bob@b.example").ShouldBe("bounces");
    }

    [Fact]
    public void All_conditions_must_hold_and_one_value_of_each_is_enough()
    {
        var rules = Book(
            new RuleOptions
            {
                Name = "asked for",
                When = new RuleConditions
                {
                    Listener = ["internal"],
                    Client = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8")],
                    Subject = ["[secure]*"],
                    Header = new Dictionary<string, IReadOnlyList<string>> { ["Sensitivity"] = ["Private", "Company-Confidential"] },
                },
                Pass = true,
            },
            Rule("rest"));

        Decide(rules, "a@a.example", "b@b.example", "Subject: [Secure] hello\r\nSensitivity: company-confidential\r\n").ShouldBe("asked for");
        Decide(rules, "a@a.example", "b@b.example", "Subject: =?utf-8?q?=5Bsecure=5D_caf=C3=A9?=\r\nSensitivity: Private\r\n").ShouldBe("asked for");
        Decide(rules, "a@a.example", "b@b.example", "Subject: [secure] hello\r\n").ShouldBe("rest");
        Decide(rules, "a@a.example", "b@b.example", "Subject: hello\r\nSensitivity: Private\r\n").ShouldBe("rest");
    }

    [Fact]
    public void A_user_condition_needs_somebody_who_authenticated()
    {
        var rules = Book(
            new RuleOptions { Name = "users", When = new RuleConditions { User = ["*"] }, Pass = true }, Rule("rest"));

        Decide(rules, "a@a.example", "b@b.example").ShouldBe("rest");
    }

    [Fact]
    public void The_index_finds_what_asking_every_rule_in_turn_finds()
    {
        var random = new Random(20260101);
        string[] senders = ["*", "<>", "*@a.example", "alice@a.example", "*@*.example", "b*@b.example", "?@c.example"];
        string[] recipients = ["*", "*@x.example", "bob@x.example", "*@y.example", "*y.example"];
        string[] from = [string.Empty, "alice@a.example", "bert@b.example", "q@c.example", "zoe@other.test"];
        string[] to = ["bob@x.example", "carol@y.example", "dan@z.test"];
        for (var round = 0; round < 500; round++)
        {
            var options = Enumerable.Range(0, random.Next(1, 30)).Select(number => new RuleOptions
            {
                Name = $"rule {number}",
                When = new RuleConditions { Sender = Some(senders), Recipient = Some(recipients) },
                Pass = true,
            }).ToList();
            var rules = new RuleBook(options, WhenNoRuleMatches.Pass, new EncryptionOptions());
            foreach (var facts in from.Select(sender => Facts(sender)))
            {
                foreach (var recipient in to.Select(Path))
                {
                    var expected = rules.Rules.FirstOrDefault(rule => rule.Judge(facts, recipient) == RuleMismatch.None)?.Name ?? Decision.Otherwise;

                    rules.Decide(facts, recipient).RuleName.ShouldBe(expected);
                }
            }
        }

        string[] Some(string[] values) => [.. values.Where(_ => random.Next(4) == 0)];
    }

    [Fact]
    public void An_explanation_ends_with_the_rule_that_decides()
    {
        var rules = Book(Rule("other sender", sender: "x@y.example"), Rule("other recipient", recipient: "x@y.example"), Rule("all"), Rule("never asked"));

        var explained = rules.Explain(Facts("alice@a.example"), Path("bob@b.example")).Select(entry => (entry.Rule.Name, entry.Mismatch));

        explained.ShouldBe([("other sender", RuleMismatch.Sender), ("other recipient", RuleMismatch.Recipient), ("all", RuleMismatch.None)]);
    }

    private static string Decide(RuleBook rules, string sender, string recipient, string header = "") =>
        rules.Decide(Facts(sender, header), Path(recipient)).RuleName;

    private static RuleBook Book(params RuleOptions[] rules) => new(rules, WhenNoRuleMatches.Pass, new EncryptionOptions());

    private static RuleOptions Rule(string name, string? sender = null, string? recipient = null) => new()
    {
        Name = name,
        When = new RuleConditions { Sender = sender is null ? [] : [sender], Recipient = recipient is null ? [] : [recipient] },
        Pass = true,
    };

    private static MessageFacts Facts(string sender, string header = "")
    {
        Entity.TryParse(System.Text.Encoding.UTF8.GetBytes(header + "\r\n"), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return new MessageFacts(sender.Length == 0 ? MailPath.Null : Path(sender), "internal", IPAddress.Loopback, null, entity!.Header);
    }

    private static MailPath Path(string address) => MailPath.TryParse(address, out var path) ? path! : throw new ArgumentException(address);
}
