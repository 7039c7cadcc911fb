using SmimeGateway.Files;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Files;

public sealed class DurableFolderTests
{
    [Fact]
    public void All_missing_folders_are_made_and_those_that_exist_stay()
    {
        using var folder = new TemporaryFolder();
        var deep = Path.Combine(folder.Path, "a", "b", "c");

        DurableFolder.Create(deep);
        File.WriteAllText(Path.Combine(deep, "file"), "kept");
        DurableFolder.Create(deep);

        File.ReadAllText(Path.Combine(deep, "file")).ShouldBe("kept");
    }

    [Fact]
    public void A_file_in_the_way_is_told()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, string.Empty);

        Should.Throw<IOException>(() => DurableFolder.Create(Path.Combine(file, "below")));
    }
}
