namespace SmimeGateway.Host.Tests.Configuration.Validating;

public sealed class RuleCoverTests
{
    [Theory]
    [InlineData("\"sender\": \"*@example.com\"", "\"sender\": \"alice@example.com\"")]
    [InlineData("\"sender\": \"*@example.com\"", "\"sender\": \"*@EXAMPLE.com\", \"subject\": \"[secure]*\"")]
    [InlineData("\"sender\": [\"a*@example.com\", \"b*@example.com\"]", "\"sender\": [\"ax*@example.com\", \"b?@example.com\"]")]
    [InlineData("\"sender\": \"??@example.com\"", "\"sender\": \"b?@example.com\"")]
    [InlineData("\"recipient\": \"*\"", "\"recipient\": \"*@partner.example\", \"header\": { \"Sensitivity\": \"Private\" }")]
    [InlineData("\"client\": \"127.0.0.0/8\"", "\"client\": \"127.1.0.0/16\"")]
    [InlineData("\"header\": { \"sensitivity\": \"company*\" }", "\"header\": { \"Sensitivity\": \"Company-Confidential\", \"X-Other\": \"*\" }")]
    [InlineData("\"subject\": \"[secure]*\"", "\"subject\": \"[secure] offer*\", \"listener\": \"internal\"")]
    [InlineData("\"content\": \"text/*\"", "\"content\": [\"text/calendar*\", \"text/html\"]")]
    public void A_rule_behind_a_wider_one_is_warned_about(string earlier, string later) =>
        Warnings(earlier, later).ShouldHaveSingleItem().ShouldBe("the rule never applies: \"first\" before it takes all its messages");

    [Theory]
    [InlineData("\"sender\": \"alice@example.com\"", "\"sender\": \"*@example.com\"")]
    [InlineData("\"sender\": \"*\"", "\"sender\": \"<>\"")]
    [InlineData("\"sender\": \"*\"", "\"recipient\": \"*@partner.example\"")]
    [InlineData("\"sender\": \"a@example.com\"", "\"sender\": [\"a@example.com\", \"b@example.com\"]")]
    [InlineData("\"sender\": \"?@example.com\"", "\"sender\": \"*@example.com\"")]
    [InlineData("\"client\": \"127.1.0.0/16\"", "\"client\": \"127.0.0.0/8\"")]
    [InlineData("\"header\": { \"Sensitivity\": \"*\" }", "\"header\": { \"Importance\": \"*\" }")]
    [InlineData("\"subject\": \"[secure]*\"", "\"sender\": \"*@example.com\"")]
    [InlineData("\"content\": \"text/calendar\"", "\"content\": \"text/*\"")]
    [InlineData("\"content\": \"text/calendar\"", "\"sender\": \"*@example.com\"")]
    public void A_rule_behind_one_that_leaves_it_something_is_not(string earlier, string later) => Warnings(earlier, later).ShouldBeEmpty();

    private static IEnumerable<string> Warnings(string earlier, string later)
    {
        var result = Sample.Load(Sample.WithRules(
            $$"""[{ "name": "first", "when": { {{earlier}} }, "pass": true }, { "name": "second", "when": { {{later}} }, "sign": { "with": "local" } }]"""));
        result.Errors.ShouldBeEmpty();
        return result.Warnings.Select(warning => warning.Problem);
    }
}
