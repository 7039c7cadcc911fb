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

    [Theory]
    [InlineData("text/calendar*", "text/calendar")]
    [InlineData("*text/calendar*", "text/calendar")]
    [InlineData("text/calendar; method=REQUEST", "text/calendar")]
    [InlineData("*calendar*", "*calendar*")]
    [InlineData("application/ics", "application/ics")]
    [InlineData("application/pdf*", "application/pdf")]
    [InlineData("image/*", "image/")]
    public void A_type_that_mail_has_in_its_parts_is_pointed_from_the_header_to_the_content(string type, string content)
    {
        foreach (var name in new[] { "Content-Type", "content-type" })
        {
            var result = Sample.Load(Sample.WithRules($$"""[{ "name": "r", "when": { "header": { "{{name}}": ["{{type}}"] } }, "pass": true }]"""));

            var warning = result.Warnings.ShouldHaveSingleItem();
            warning.Problem.ShouldStartWith("most mail has such content in a part");
            warning.Remedy.ShouldContain($"\"content\": \"{content}");
        }
    }

    [Theory]
    [InlineData("multipart/encrypted*")]
    [InlineData("multipart/*")]
    [InlineData("text/plain")]
    [InlineData("text/html; charset=utf-8")]
    [InlineData("application/*")]
    [InlineData("application/pkcs7-mime*")]
    [InlineData("application/x-pkcs7-mime*")]
    [InlineData("*")]
    public void A_type_of_the_whole_message_is_looked_for_in_its_header(string type) =>
        Warnings($$"""
            "header": { "Content-Type": "{{type}}" }
            """).ShouldBeEmpty();

    private static IEnumerable<string> Warnings(string when)
    {
        var result = Sample.Load(Sample.WithRules($$"""[{ "name": "r", "when": { {{when}} }, "pass": true }]"""));
        result.Errors.ShouldBeEmpty();
        return result.Warnings.Select(warning => warning.Problem);
    }
}
