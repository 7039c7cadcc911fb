using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Corpus;

public sealed class MailParserCorpusTests
{
    [CorpusFact("mime/mail-parser")]
    public void Every_message_reads_as_its_expected_result_or_deviates_for_a_listed_reason()
    {
        var folder = Corpora.Folder("mime/mail-parser")!;
        var differences = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

        foreach (var file in Directory.EnumerateFiles(folder, "*.eml", SearchOption.AllDirectories))
        {
            using var expected = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(file, ".crlf.json")));
            var message = Read.Message(Corpora.ReadMail(file));
            var name = Path.ChangeExtension(Path.GetRelativePath(folder, file), null);
            differences.Add(name, MailParserComparison.Compare(message, expected.RootElement));
        }

        differences.Count.ShouldBeGreaterThan(50);
        DeviationList.Check("mail-parser", differences);
    }
}
