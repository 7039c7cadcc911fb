using System.Net;
using System.Text.Json;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Host.Tests.Configuration.Generated;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Tests.Configuration.Validating;

/// <summary>Everything that reads conditions knows all of them: with the values that the reference of the keys shows, so that a new one is tried too.</summary>
public sealed class RuleConditionsTests
{
    private static readonly IReadOnlyList<string> Names = [.. OptionShape.Of(typeof(RuleConditions)).Keys.Select(key => key.Name)];

    public static TheoryData<string> Conditions => [.. Names];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_rule_with_one_condition_leaves_other_mail_to_the_rules_behind_it(string condition)
    {
        foreach (var other in Names.Where(other => other != condition).Select(WhenOf).Append("{}"))
        {
            Covered(WhenOf(condition), other).ShouldBeEmpty(other);
        }
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_rule_with_the_same_condition_as_one_before_it_never_applies(string condition) =>
        Covered(WhenOf(condition), WhenOf(condition)).Count().ShouldBe(1);

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_message_that_does_not_meet_a_condition_is_told_which(string condition)
    {
        var rule = new Rule(0, Load(WhenOf(condition), "{}").Options!.Rules[0]);
        Entity.TryParse("Subject: hello\r\n\r\ntext\r\n"u8.ToArray(), MimeLimits.Standard, out var message, out _).ShouldBeTrue();
        var facts = new MessageFacts(Path("carl@elsewhere.example"), "another", IPAddress.Parse("192.0.2.1"), User: null, message!.Header) { Message = message };

        var mismatch = rule.Judge(facts, Path("dora@elsewhere.example"));

        mismatch.ToString().ShouldBe(condition, StringCompareShould.IgnoreCase);
        mismatch.Words().ShouldContain("when." + condition);
    }

    private static MailPath Path(string address)
    {
        MailPath.TryParse(address, out var path).ShouldBeTrue();
        return path!;
    }

    private static string WhenOf(string condition)
    {
        using var example = JsonDocument.Parse(XmlComments.Example(typeof(RuleConditions)));
        return $$"""{ "{{condition}}": {{example.RootElement.GetProperty(condition).GetRawText()}} }""";
    }

    private static IEnumerable<string> Covered(string earlier, string later) =>
        Load(earlier, later).Warnings.Select(warning => warning.Problem).Where(problem => problem.Contains("\"first\" before it", StringComparison.Ordinal));

    private static Host.Configuration.LoadResult Load(string earlier, string later)
    {
        var result = Sample.Load(Sample.WithRules(
            $$"""[{ "name": "first", "when": {{earlier}}, "pass": true }, { "name": "second", "when": {{later}}, "sign": { "with": "local" } }]"""));
        result.Errors.ShouldBeEmpty();
        return result;
    }
}
