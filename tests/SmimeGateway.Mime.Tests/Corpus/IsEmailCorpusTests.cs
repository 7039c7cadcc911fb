using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Corpus;

public sealed class IsEmailCorpusTests
{
    [CorpusFact("addresses")]
    public void Every_address_is_accepted_or_refused_as_diagnosed_or_deviates_for_a_listed_reason()
    {
        var tests = XDocument.Load(Path.Combine(Corpora.Folder("addresses")!, "isemail-tests.xml")).Descendants("test").ToList();
        var differences = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

        foreach (var test in tests)
        {
            // Controls are written as their symbols, which XML can carry.
            var address = new string([.. test.Element("address")!.Value.Select(c => c is >= '\u2400' and <= '\u2420' ? (char)(c - 0x2400) : c)]);
            var isAddress = test.Element("category")!.Value != "ISEMAIL_ERR";
            var unfolded = Regex.Replace(address, "\r\n(?=[ \t])", "");
            var isRead = AddressList.TryParse(unfolded, out var mailboxes) && mailboxes.Count == 1;
            var difference = $"{address}: {test.Element("diagnosis")!.Value}";
            differences.Add(test.Attribute("id")!.Value, isRead == isAddress ? [] : [difference]);
        }

        tests.Count.ShouldBe(164);
        DeviationList.Check("isemail", differences);
    }
}
