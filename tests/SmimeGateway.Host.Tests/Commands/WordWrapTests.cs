using SmimeGateway.Host.Commands;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class WordWrapTests
{
    /// <summary>Lines of "queue list", "explain", "verify" and "test", which are no tables.</summary>
    public static TheoryData<string> LongLines { get; } =
    [
        "D24YWGM68001  deferred    1h7m    2.5 KB  from somebody.with.a.long.name@example.com, tried 7 times, next in 21m4s",
        "    b@x.example by no-such.invalid:25: waits, as the next hop takes no mail now: 4.4.3 The address of no-such.invalid could not be found: Name or service not known.",
        "  message 1 of 1 to bob@partner.example: signed and encrypted, 12345 octets, written to /var/tmp/a-folder-with-a-long-name/and-another-one/message-1.eml",
        "  | multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256, with a part that is text/plain; charset=utf-8",
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen",
    ];

    [Theory]
    [MemberData(nameof(LongLines))]
    public void A_long_line_goes_on_further_to_the_right_and_loses_nothing(string line)
    {
        var lines = Written(line, 80);

        lines.Count.ShouldBeGreaterThan(1);
        lines.ShouldAllBe(part => part.Length <= 80);
        var margin = line.Length - line.TrimStart().Length;
        lines[1..].ShouldAllBe(part => part.Length - part.TrimStart().Length == margin + 4);
        string.Join(' ', lines.Select((part, i) => i == 0 ? part : part.TrimStart())).ShouldBe(line);
    }

    [Theory]
    [MemberData(nameof(LongLines))]
    public void Where_there_is_no_width_a_line_stays_one(string line) => Written(line, int.MaxValue).ShouldBe([line]);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("short")]
    public void What_fits_stays_as_it_is(string line) => Written(line, 80).ShouldBe([line]);

    [Fact]
    public void A_word_that_is_too_long_is_not_broken()
    {
        var path = "/" + new string('a', 100);

        Written($"  the file {path} does not exist", 40).ShouldBe(["  the file", "      " + path, "      does not exist"]);
    }

    [Fact]
    public void What_is_to_be_copied_is_never_wrapped()
    {
        const string Record = "s1._domainkey.example.com. IN TXT ( \"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0B\" )";
        using var output = new StringWriter { NewLine = "\n" };

        new PlainConsole(output, 40).WriteWhole(Record);

        output.ToString().ShouldBe(Record + "\n");
    }

    private static List<string> Written(string line, int columns)
    {
        using var output = new StringWriter { NewLine = "\n" };
        new PlainConsole(output, columns).WriteLine(line);
        return [.. output.ToString()[..^1].Split('\n')];
    }
}
