using System.Text;

namespace SmimeGateway.Smtp.Tests;

public sealed class SmugglingTests
{
    private const string Second = "MAIL FROM:<eve@example.com>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\nSubject: second\r\n\r\nsecond\r\n";

    public static TheoryData<string> FalseEnds => new(
        "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r.\n", "\n\r.\n\r", "\r\r.\r\r", "\r\n.\r\r\n", "\r\r\n.\r\r\n", "\n\n.\n\n",
        "\r\n\0.\r\n", "\r\n.\0\r\n", "\r\n.\r\0\n", "\r\0\n.\r\0\n", "\r\n\r.\r\n", "\r\n.\n\r\n", "\0\n.\r\n", "\r\n\n.\n\r\n");

    [Theory]
    [MemberData(nameof(FalseEnds))]
    public async Task No_false_end_of_data_makes_a_second_message(string falseEnd)
    {
        await using var dialog = await InMemoryDialog.InDataAsync();

        await dialog.SendAsync(
            "Subject: first\r\n\r\nfirst" + falseEnd + Second + ".\r\nQUIT\r\n");

        var replies = (await dialog.RestAsync()).Split("\r\n");
        replies.Length.ShouldBe(3);
        replies[0].ShouldStartWith("554 5.6.11 ");
        replies[1].ShouldStartWith("221 ");
        dialog.Messages.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(FalseEnds))]
    public async Task No_false_end_of_data_is_carried_by_chunks(string falseEnd)
    {
        var content = "Subject: first\r\n\r\nfirst" + falseEnd + Second;
        for (var at = 0; at <= content.Length; at += at < 24 || at > 32 ? 7 : 1)
        {
            await using var dialog = await InMemoryDialog.GreetAsync();
            at = Math.Min(at, content.Length);

            await dialog.SendAsync(
                $"MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nBDAT {at}\r\n{content[..at]}BDAT {content.Length - at} LAST\r\n{content[at..]}QUIT\r\n");

            var replies = (await dialog.RestAsync()).Split("\r\n");
            replies.Length.ShouldBe(6);
            replies[3].ShouldStartWith("554 5.6.11 ");
            replies[4].ShouldStartWith("221 ");
            dialog.Messages.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_true_end_of_data_inside_a_chunk_is_text()
    {
        var content = "Subject: first\r\n\r\nfirst\r\n.\r\n" + Second;
        await using var dialog = await InMemoryDialog.GreetAsync();

        await dialog.SendAsync($"MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nBDAT {content.Length} LAST\r\n{content}QUIT\r\n");

        (await dialog.RestAsync()).Split("\r\n").Length.ShouldBe(5);
        Encoding.ASCII.GetString(dialog.Messages.ShouldHaveSingleItem().Content.Span).ShouldBe(content);
    }

    [Fact]
    public async Task No_five_octets_end_data_but_the_true_ones()
    {
        // Every mixture of line ends, dots and NULs up to the length of the true end, so that nothing depends on a list of known tricks.
        foreach (var end in Mixtures(5).Where(mixture => mixture != "\r\n.\r\n"))
        {
            await using var dialog = await InMemoryDialog.InDataAsync();

            await dialog.SendAsync("first" + end + Second + ".\r\nQUIT\r\n");

            (await dialog.RestAsync()).ShouldMatch(@"^(250|554) [^\r]*\r\n221 [^\r]*\r\n$", Show(end));
            foreach (var message in dialog.Messages)
            {
                var text = Encoding.ASCII.GetString(message.Content.Span);
                text.Replace("\r\n", string.Empty, StringComparison.Ordinal).AsSpan().IndexOfAny('\r', '\n', '\0').ShouldBe(-1, Show(end));
                text.ShouldEndWith("second\r\n");
            }
        }
    }

    [Fact]
    public async Task A_true_end_behind_a_bare_carriage_return_still_ends_the_refused_message()
    {
        await using var dialog = await InMemoryDialog.InDataAsync();

        await dialog.SendAsync("first\r\r\n.\r\nQUIT\r\n");

        (await dialog.RestAsync()).ShouldMatch(@"^554 5\.6\.11 [^\r]*\r\n221 [^\r]*\r\n$");
    }

    [Theory]
    [InlineData("NOOP\nMAIL FROM:<eve@example.com>\r\n", 2)]
    [InlineData("NOOP\rMAIL FROM:<eve@example.com>\r\n", 1)]
    [InlineData("NOOP\n", 1)]
    [InlineData("NOOP\0\r\n", 1)]
    public async Task A_command_line_without_a_true_end_is_not_carried_out(string octets, int replies)
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        await dialog.SendAsync(octets);

        (await dialog.ReplyAsync()).ShouldStartWith("500 5.5.2 ");
        for (var i = 1; i < replies; i++)
        {
            (await dialog.ReplyAsync()).ShouldStartWith("250 2.1.0 ");
        }

        (await dialog.ExchangeAsync("NOOP")).ShouldBe("250 2.0.0 ok");
    }

    private static IEnumerable<string> Mixtures(int length) =>
        length == 0 ? [string.Empty] : Mixtures(length - 1).SelectMany(shorter => "\r\n.\0".Select(octet => shorter + octet));

    private static string Show(string octets) => Convert.ToHexString(Encoding.ASCII.GetBytes(octets));
}
