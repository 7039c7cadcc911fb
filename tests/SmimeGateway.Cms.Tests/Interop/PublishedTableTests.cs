using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

[Collection(Judges.Collection)]
public sealed class PublishedTableTests(Judges judges)
{
    [Fact]
    public void The_published_table_is_the_one_the_judges_are_compared_with()
    {
        var published = File.ReadAllText(Path.Combine(Repository.Root, "docs", "interoperability.md"));

        published.ShouldContain(string.Join('\n', ReaderTable.Render([.. judges.All.Select(judge => judge.Name)])));
    }
}
