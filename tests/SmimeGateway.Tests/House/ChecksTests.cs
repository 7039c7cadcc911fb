namespace SmimeGateway.Tests.House;

/// <summary>A check that nobody asks finds nothing.</summary>
public sealed class ChecksTests
{
    [Fact]
    public void Every_check_of_the_configuration_is_asked_by_somebody()
    {
        var checks = SourceFile.All
            .Where(file => file.Folder.StartsWith("SmimeGateway.Host/Configuration", StringComparison.Ordinal) && file.Name.EndsWith("Check", StringComparison.Ordinal))
            .ToList();

        checks.Count.ShouldBeGreaterThan(30);
        checks.Where(check => !SourceFile.All.Any(file => file != check && file.Text.Contains(check.Name + ".", StringComparison.Ordinal)))
            .Select(check => check.RelativePath)
            .ShouldBeEmpty();
    }
}
