using System.Text;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class OuterLinesTests
{
    private static readonly string Word998 = new('x', 998);

    public static TheoryData<string> LongBodies => new(
        string.Join(' ', Enumerable.Range(0, 40).Select(i => $"<{i:D40}@example.com>")),
        string.Join("\t", Enumerable.Range(0, 40).Select(i => $"<{i:D40}@example.com>")),
        "short first " + new string('y', 900) + " and " + new string('z', 900) + " last",
        new string('y', 990) + " " + new string('z', 990),
        "x " + Word998[..997],
        Word998[..997] + " x",
        string.Join(' ', Enumerable.Repeat("word", 400)) + " \t ",
        Word998[..900] + " " + Word998[..90] + "  ",
        "a" + new string(' ', 3000) + "b",
        new string(' ', 3000) + "b",
        "v=1; b=" + string.Join(' ', Enumerable.Repeat(new string('b', 72), 30)));

    [Theory]
    [MemberData(nameof(LongBodies))]
    public void A_long_line_is_folded_at_its_blanks_and_says_the_same(string body)
    {
        foreach (var name in new[] { "References", "DKIM-Signature", "From", "X-Unheard-Of", "Subject" })
        {
            var field = Fit($"{name}: {body}\r\n");

            Lines(field).ShouldAllBe(line => line.Length <= 998 && line.Trim().Length > 0);
            Lines(field).Skip(1).ShouldAllBe(line => line.StartsWith(' ') || line.StartsWith('\t'));
            Words(field.Body).ShouldBe(Words(body));
            Lines(field)[0].Length.ShouldBeGreaterThan(name.Length);
        }
    }

    [Fact]
    public void A_line_that_is_folded_becomes_lines_of_at_most_78_octets_where_its_blanks_allow_it()
    {
        var field = Fit($"References: {string.Join(' ', Enumerable.Range(0, 40).Select(i => $"<{i:D20}@example.com>"))}\r\n");

        Lines(field).ShouldAllBe(line => line.Length <= 78);
    }

    [Theory]
    [InlineData("<", "@example.com>", "References")]
    [InlineData("", "@example.com,", "To")]
    [InlineData("\"a, b\" <", "@example.com>,", "From")]
    [InlineData("tag=", ";", "DKIM-Signature")]
    public void A_long_line_without_a_blank_is_folded_where_a_blank_means_nothing(string before, string after, string name)
    {
        var body = string.Concat(Enumerable.Range(0, 60).Select(i => $"{before.Replace(" ", "", StringComparison.Ordinal)}{i:D30}{after}"));

        var field = Fit($"{name}: {body}\r\n");

        Lines(field).ShouldAllBe(line => line.Length <= 998);
        Lines(field).SkipLast(1).ShouldAllBe(line => line.EndsWith(after.Last()));
        field.Body.Replace(" ", "", StringComparison.Ordinal).ShouldBe(body);
    }

    [Fact]
    public void A_word_without_an_end_is_broken_after_998_octets_as_relays_do_it_and_between_characters()
    {
        var body = string.Concat(Enumerable.Repeat("\u20AC", 1000));

        var field = Fit($"X-Word: {body}\r\n");

        Encoding.UTF8.GetString(field.Raw.Span).Split("\r\n").ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 998);
        field.Body.Replace(" ", "", StringComparison.Ordinal).ShouldBe(body);
    }

    [Theory]
    [InlineData("Subject")]
    [InlineData("Comments")]
    [InlineData("Thread-Topic")]
    public void A_text_without_a_blank_becomes_encoded_words_that_read_the_same(string name)
    {
        var body = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i},\u00E4"));

        var field = Fit($"{name}: {body}\r\n");

        Lines(field).ShouldAllBe(line => line.Length <= 90);
        field.Text.ShouldBe(body);
    }

    [Fact]
    public void An_address_is_not_broken()
    {
        var split = ContentSplit.Split(Message($"From: {new string('x', 1100)}@example.com\r\n"));

        OuterLines.TryFit(split, out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe("a line of From is longer than 998 octets and has no place to fold it");
    }

    [Theory]
    [InlineData("Subject : x\r\n", "Subject: x\r\n")]
    [InlineData("From\t :a@b\r\n", "From:a@b\r\n")]
    [InlineData("Subject: x\r\n \r\n", "Subject: x\r\n")]
    [InlineData("Subject:\r\n \t\r\n x\r\n\t\r\n y \r\n", "Subject:\r\n x\r\n y \r\n")]
    public void No_reader_may_see_an_end_of_the_header_where_none_is(string before, string after) =>
        Encoding.Latin1.GetString(Fit(before).Raw.Span).ShouldBe(after);

    [Theory]
    [InlineData("Subject: x\r\n y \r\n")]
    [InlineData("Subject:\r\n x\r\n")]
    [InlineData("Subject:\r\n")]
    [InlineData("Subject: \r\n")]
    public void A_field_that_fits_is_not_touched(string field)
    {
        var split = ContentSplit.Split(Message(field + "X: " + new string('x', 995) + "\r\n"));

        OuterLines.TryFit(split, out var fitting, out _).ShouldBeTrue();

        fitting.ShouldBeSameAs(split);
    }

    private static HeaderField Fit(string field)
    {
        OuterLines.TryFit(ContentSplit.Split(Message(field)), out var fitting, out _).ShouldBeTrue();
        return fitting!.OuterFields[0];
    }

    private static Entity Message(string fields) => Read.Message(Encoding.UTF8.GetBytes(fields + "\r\nbody"));

    private static string[] Lines(HeaderField field) => Encoding.Latin1.GetString(field.Raw.Span).TrimEnd('\r', '\n').Split("\r\n");

    private static string[] Words(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
