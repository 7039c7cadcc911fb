using SmimeGateway.Host.Commands;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class AnswerTableTests
{
    private const string LongPath = "/etc/smimegateway/certificates/partners/a-department-with-a-long-name/somebody.with.a.long.name@partner.example.pem";
    private const string Sentence = "it is not trusted: CN=Somebody, O=Some organisation with a name of many words, C=DE: its issuer is not known";

    /// <summary>The tables of the commands, each with a row of long cells.</summary>
    public static TheoryData<string, string[], string[]> Wide { get; } = new()
    {
        { "check", ["Result", "What", "Finding"], ["warning", $"certificates.partners[0].folder: {LongPath}", Sentence] },
        { "directory lookup", ["Source", "Use", "Why", "Ends", "Key", "Reads", "Serial", "File"], ["folder-of-all-partners", "no", Sentence, "2027-01-01 (398 days)", "RSA 4096", "AES-256-GCM, AES-128-CBC", "5F3A9C1200B7E4D15F3A9C1200B7E4D15F3A9C12", LongPath] },
        { "directory list", ["For", "Source", "Use", "Why"], ["somebody.with.a.long.name@partner.example, sales@partner.example", "folder", "no", Sentence] },
        { "status", ["Recipients", "Next hop", "Sending", "Delivered", "Secured by", "State"], ["*@a-partner-with-a-long-name.example", "mx.a-partner-with-a-long-name.example (192.0.2.1:25)", "3 of 20", "12345", "TLS 1.3", "left alone until 12:00:00: 421 4.3.2 try again later"] },
        { "cert list", ["Kind", "Source", "For", "Days left", "Ends", "Key", "Use", "Serial"], ["partner", "folder", "somebody.with.a.long.name@partner.example", "398", "2027-01-01", "RSA 4096", "sign, encrypt", "5F3A9C1200B7E4D15F3A9C1200B7E4D15F3A9C12"] },
        { "explain", ["Rule", "Applies", "Reason"], ["mail to partners that is to be encrypted", "yes", "the recipient somebody.with.a.long.name@partner.example matches *@partner.example and the subject matches *[secure]*"] },
    };

    [Theory]
    [MemberData(nameof(Wide))]
    public void Nothing_is_cut_and_no_word_broken_at_eighty_columns(string command, string[] headings, string[] cells)
    {
        var table = new AnswerTable(headings);
        table.Add(cells);
        table.Add([.. headings.Select(_ => "x")]);

        var lines = table.Lines(80).ToList();

        var words = string.Join('\n', lines).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var word in cells.SelectMany(cell => cell.Split(' ')))
        {
            words.ShouldContain(word, command);
        }

        // Only a word that is longer itself makes a line longer.
        lines.Where(line => line.Length > 80).ShouldAllBe(line => line.TrimStart().Split(' ', StringSplitOptions.None).Max(word => word.Length) > 50);
    }

    [Theory]
    [MemberData(nameof(Wide))]
    public void Where_there_is_no_width_a_row_is_one_line(string command, string[] headings, string[] cells)
    {
        var table = new AnswerTable(headings);
        table.Add(cells);

        var lines = table.Lines(int.MaxValue).ToList();

        lines.Count.ShouldBe(3, command);
        lines[2].ShouldBe("  " + string.Join("   ", cells.Select((cell, i) => cell.PadRight(headings[i].Length))).TrimEnd());
    }

    [Fact]
    public void Long_cells_give_way_to_short_ones()
    {
        var table = new AnswerTable("Result", "What", "Finding");
        table.Add("error", "rules[0]", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen");
        table.Add("good", "b", "c");

        table.Lines(60).ShouldBe(
        [
            "  Result   What       Finding",
            "────────────────────────────────────────────────────────────",
            "  error    rules[0]   one two three four five six seven",
            "                      eight nine ten eleven twelve thirteen",
            "                      fourteen fifteen",
            "  good     b          c",
        ]);
    }

    [Fact]
    public void Foreign_text_cannot_leave_its_line()
    {
        var table = new AnswerTable("Heading");

        table.Add("a\nb\u001B[2J");

        table.Lines(80).Last().ShouldBe("  a\\u000Ab\\u001B[2J");
    }
}
