namespace SmimeGateway.Host.Tests.Configuration.Validating;

public sealed class RuleTriggersCheckTests
{
    [Theory]
    [InlineData("\"subject\": \"=?utf-8?Q?[secure]?=*\"", "decoded")]
    [InlineData("\"header\": { \"X-Mark\": [\"yes\", \"=?utf-8?B?amE=?=\"] }", "decoded")]
    [InlineData("\"content\": \"text/calendar; method=REQUEST\"", "without its parameters")]
    [InlineData("\"content\": \"calendar\"", "two halves")]
    [InlineData("\"content\": [\"image/*\", \"text/calendar, application/ics\"]", "without its parameters")]
    public void A_pattern_that_matches_nothing_is_warned_about(string when, string problem) =>
        Warnings(when).ShouldHaveSingleItem().ShouldContain(problem);

    [Theory]
    [InlineData("\"subject\": [\"[secure]*\", \" \u00a0[secure]*\", \"=?*\", \"*?=\"]")]
    [InlineData("\"content\": [\"text/calendar*\", \"*calendar\", \"image/*\", \"*\", \"text/?\"]")]
    public void A_pattern_that_can_match_is_not(string when) => Warnings(when).ShouldBeEmpty();

    private static IEnumerable<string> Warnings(string when)
    {
        var result = Sample.Load(Sample.WithRules($$"""[{ "name": "r", "when": { {{when}} }, "pass": true }]"""));
        result.Errors.ShouldBeEmpty();
        return result.Warnings.Select(warning => warning.Problem);
    }
}
