using System.Text.RegularExpressions;

namespace SmimeGateway.Tests.House;

/// <summary>Who adds a member to an enum is led by the compiler to every switch that must say something about it.</summary>
public sealed partial class SwitchTests
{
    private static readonly ILookup<string, HashSet<string>> Enums = SourceFile.All
        .SelectMany(file => Enum().Matches(file.Text))
        .ToLookup(match => match.Groups["name"].Value, match => Member().Matches(match.Groups["body"].Value).Select(member => member.Groups[1].Value).ToHashSet());

    [Theory]
    [InlineData("kind switch\n{\n    ReportKind.Refused => 1,\n    ReportKind.Expired or ReportKind.Delayed => 2,\n    ReportKind.Delivered => 3,\n    ReportKind.NotEncrypted => 4,\n    ReportKind.AwaitingCertificate => 5,\n    _ => 6,\n}", true)]
    [InlineData("kind switch\n{\n    ReportKind.Refused => 1,\n    _ => 6,\n}", false)]
    [InlineData("kind switch\n{\n    ReportKind.Refused => 1,\n}", false)]
    [InlineData("text switch\n{\n    \"a\" => 1,\n    _ => 6,\n}", false)]
    public void A_discard_that_stands_for_the_last_member_is_recognised(string text, bool hides) => Hiding(text).Any().ShouldBe(hides);

    [Fact]
    public void A_switch_over_an_enum_names_the_last_member_instead_of_discarding_it() =>
        SourceFile.All.SelectMany(file => Hiding(file.Text).Select(type => $"{file.RelativePath}: {type}")).ShouldBeEmpty();

    // A number from outside is cast first, and need be no member at all. An arm with a condition leaves members over.
    private static IEnumerable<string> Hiding(string text) =>
        from match in Switch().Matches(text)
        let body = match.Groups["body"].Value
        where Discard().IsMatch(body) && !body.Contains(" when ", StringComparison.Ordinal) && !match.Groups["cast"].Success
        let named = Arm().Matches(body).Select(arm => (Type: arm.Groups[1].Value, Member: arm.Groups[2].Value)).ToHashSet()
        let types = named.Select(arm => arm.Type).Distinct().ToList()
        where types.Count == 1
            && Enums[types[0]].Any(members => members.Count - named.Count <= 1 && named.All(arm => members.Contains(arm.Member)))
        select types[0];

    [GeneratedRegex(@"\benum (?<name>\w+)(?: : \w+)?\s*\{(?<body>.*?)\n\s*\}", RegexOptions.Singleline)]
    private static partial Regex Enum();

    [GeneratedRegex(@"^\s*(?:\[[^\]\n]*\]\s*)?(\w+)(?: = [^,\n]+)?,?\s*$", RegexOptions.Multiline)]
    private static partial Regex Member();

    [GeneratedRegex(@"(?<cast>\(\w+\)\w+)? switch\s*\n\s*\{\n(?<body>.*?)\n\s*\}", RegexOptions.Singleline)]
    private static partial Regex Switch();

    [GeneratedRegex(@"^\s*_ =>", RegexOptions.Multiline)]
    private static partial Regex Discard();

    [GeneratedRegex(@"(?:^\s*|or\s+)([A-Z]\w+)\.([A-Z]\w+)(?=\s*(?:=>|or\b))", RegexOptions.Multiline)]
    private static partial Regex Arm();
}
