using System.Xml.Linq;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Corpus;

public sealed class Mime4jCorpusTests
{
    [CorpusFact("mime/mime4j")]
    public void Every_message_reads_as_its_expected_tree_or_deviates_for_a_listed_reason()
    {
        var folder = Corpora.Folder("mime/mime4j")!;
        var differences = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

        foreach (var file in Directory.EnumerateFiles(folder, "*.msg", SearchOption.AllDirectories))
        {
            var expected = XDocument.Load(Path.ChangeExtension(file, null) + "_decoded.xml");
            var name = Path.ChangeExtension(Path.GetRelativePath(folder, file), null);
            differences.Add(name, Mime4jComparison.Compare(Read.Message(Corpora.ReadMail(file)), expected.Root!));
        }

        differences.Count.ShouldBeGreaterThan(70);
        DeviationList.Check("mime4j", differences);
    }
}
