using System.Text;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Tests.Configuration.Reading;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Values_know_their_paths()
    {
        var (root, _) = Read("""{ "rules": [{}, { "when": { "Weird Key": 1 } }] }""");

        var rule = root!.Find("rules")!.Children[1];
        rule.Path.ShouldBe("$.rules[1]");
        rule.Find("when")!.Children[0].Path.ShouldBe("$.rules[1].when[\"Weird Key\"]");
    }

    [Fact]
    public void Comments_and_trailing_commas_are_read_over()
    {
        var (root, complaints) = Read("/* one */ { // two\n \"a\": [1, 2,], \n}");

        complaints.Errors.ShouldBeEmpty();
        root!.Find("a")!.Children.Count.ShouldBe(2);
    }

    [Fact]
    public void A_value_is_shown_shortened()
    {
        var (root, _) = Read($$"""{ "a": "{{new string('x', 1000)}}", "b": [{{string.Join(',', Enumerable.Repeat("12345", 1000))}}] }""");

        root!.Find("a")!.ToString().Length.ShouldBeLessThan(70);
        root.Find("b")!.ToString().Length.ShouldBeLessThan(70);
        root.ToString().Length.ShouldBeLessThan(70);
    }

    [Fact]
    public void A_million_values_are_read_and_no_more()
    {
        var (_, complaints) = Read("{ \"a\": [" + string.Join(',', Enumerable.Repeat('1', 1_100_000)) + "] }");

        complaints.Errors.ShouldHaveSingleItem().Problem.ShouldBe("the file has more than a million values");
    }

    [Theory]
    [InlineData("{ \"a\": }", 1, 8)]
    [InlineData("{\n  \"a\": 1\n  \"b\": 2 }", 3, 3)]
    [InlineData("{ \"ü\": tru }", 1, 11)]
    public void Wrong_json_is_complained_about_at_its_place(string json, int line, int column)
    {
        var (root, complaints) = Read(json);

        root.ShouldBeNull();
        var error = complaints.Errors.ShouldHaveSingleItem();
        (error.Line, error.Column).ShouldBe((line, column));
    }

    private static (ConfigurationNode? Root, Complaints Complaints) Read(string json)
    {
        var text = new SourceText(Encoding.UTF8.GetBytes(json));
        var complaints = new Complaints("test.json", text);
        return (new ConfigurationReader(text, complaints).Read(), complaints);
    }
}
