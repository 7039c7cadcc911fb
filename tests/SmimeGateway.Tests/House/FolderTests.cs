namespace SmimeGateway.Tests.House;

/// <summary>What a newcomer finds in a folder: not too much at once, and nothing that goes round in circles.</summary>
public sealed class FolderTests
{
    private const int MaxFiles = 20;

    [Fact]
    public void No_folder_has_more_files_than_can_be_taken_in()
    {
        var folders = SourceFile.All.CountBy(file => file.Folder).ToList();

        folders.Where(folder => folder.Value > MaxFiles).ShouldBeEmpty();
    }

    // A folder and the one it lies in are one house: the outer shows what the inner does, and the inner speaks its words.
    [Theory]
    [InlineData("SmimeGateway.Mime")]
    [InlineData("SmimeGateway.Cms")]
    [InlineData("SmimeGateway.Smtp")]
    [InlineData("SmimeGateway.Certificates")]
    [InlineData("SmimeGateway")]
    [InlineData("SmimeGateway.Host")]
    public void Folders_do_not_depend_on_each_other_in_circles(string project)
    {
        var uses = SourceFile.All
            .Where(file => file.Project == project)
            .SelectMany(file => file.AllUsings, (file, used) => (From: file.Folder.Replace('/', '.'), To: used))
            .Where(use => use.To.StartsWith(project + ".", StringComparison.Ordinal) && !IsWithin(use.From, use.To) && !IsWithin(use.To, use.From))
            .ToLookup(use => use.From, use => use.To);

        var circles = uses.Select(folder => folder.Key).Where(folder => ReachedFrom(folder, uses).Contains(folder));

        circles.ShouldBeEmpty();
    }

    private static bool IsWithin(string inner, string outer) => (inner + ".").StartsWith(outer + ".", StringComparison.Ordinal);

    private static HashSet<string> ReachedFrom(string folder, ILookup<string, string> uses)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(uses[folder]);
        while (next.TryPop(out var used))
        {
            if (reached.Add(used))
            {
                foreach (var further in uses[used])
                {
                    next.Push(further);
                }
            }
        }

        return reached;
    }
}
