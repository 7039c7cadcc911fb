using SmimeGateway.Host.Configuration.Watching;

namespace SmimeGateway.Host.Tests.Configuration.Watching;

public sealed class ConfigurationDifferenceTests
{
    [Fact]
    public void A_value_that_changed_is_told_with_both_its_values() => Between(
        Sample.Json,
        Sample.With("\"outbox\"", "\"mail\"")).ShouldBe(["$.routes[0].folder: \"outbox\" -> \"mail\""]);

    [Fact]
    public void Values_that_come_and_go_are_told() => Between(
        Sample.With("\"hostName\": \"gateway.example.com\"", "\"otherwise\": \"pass\""),
        Sample.Json).ShouldBe(["$.hostName: added \"gateway.example.com\"", "$.otherwise: removed \"pass\""]);

    [Fact]
    public void A_rule_put_before_the_others_is_one_difference()
    {
        var after = Sample.With("\"rules\": [", """ "rules": [{ "name": "bounces", "when": { "sender": "<>" }, "pass": true }, """);

        Between(Sample.Json, after).ShouldHaveSingleItem().ShouldStartWith("$.rules[0]: added { \"name\": \"bounces\"".Replace("{ ", "{", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_order_is_told()
    {
        const string One = """{ "name": "one", "pass": true }""";
        const string Two = """{ "name": "two", "pass": true }""";

        Between(Sample.WithRules($"[{One}, {Two}]"), Sample.WithRules($"[{Two}, {One}]")).ShouldBe(["$.rules: the order changed"]);
    }

    [Fact]
    public void Comments_blanks_and_a_list_of_one_are_no_difference() => Between(
        Sample.Json,
        "// comment\n" + Sample.With("""{ "with": "local" }""", """{   "with": ["local"]   }""")).ShouldBeEmpty();

    [Fact]
    public void Very_many_differences_are_cut_short()
    {
        var many = string.Join(",", Enumerable.Range(0, 150).Select(i => $$"""{ "name": "{{i}}", "pass": true }"""));

        var lines = Between(Sample.Json, Sample.WithRules($"[{many}]"));

        lines.Count.ShouldBe(101);
        lines[^1].ShouldBe("and 51 more");
    }

    private static IReadOnlyList<string> Between(string before, string after) =>
        ConfigurationDifference.Between(Sample.Load(before).Document!, Sample.Load(after).Document!);
}
