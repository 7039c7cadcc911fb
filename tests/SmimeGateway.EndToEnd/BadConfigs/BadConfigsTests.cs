using SmimeGateway.Host.Configuration;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.BadConfigs;

/// <summary>
/// Each folder beside this file holds a configuration with something wrong, and in expected.txt all errors the gateway must report, one a
/// line.
/// </summary>
public sealed class BadConfigsTests
{
    internal static readonly string Folder = Path.Combine(Repository.Root, "tests", "SmimeGateway.EndToEnd", "BadConfigs");

    public static TheoryData<string> Names => [.. Directory.EnumerateDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_configuration_is_refused_with_all_its_errors(string name)
    {
        var expected = File.ReadAllText(Path.Combine(Folder, name, "expected.txt"));

        var result = ConfigurationLoader.Load(Path.Combine(Folder, name, "smimegateway.json"));

        result.Options.ShouldBeNull();
        string.Concat(result.Errors.Select(error => $"{error with { File = Path.GetFileName(error.File) }}\n")).ShouldBe(expected);
    }

    [Fact]
    public void There_are_at_least_fifty_bad_configurations() => Directory.GetDirectories(Folder).Length.ShouldBeGreaterThanOrEqualTo(50);
}
