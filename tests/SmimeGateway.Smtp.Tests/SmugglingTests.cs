namespace SmimeGateway.Smtp.Tests;

public sealed class SmugglingTests
{
    public static TheoryData<string> FalseEnds => new(
        "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r.\n", "\n\r.\n\r", "\r\r.\r\r", "\r\n.\r\r\n", "\r\r\n.\r\r\n", "\n\n.\n\n",
        "\r\n\0.\r\n", "\r\n.\0\r\n", "\r\n.\r\0\n", "\r\0\n.\r\0\n", "\r\n\r.\r\n", "\r\n.\n\r\n", "\0\n.\r\n", "\r\n\n.\n\r\n");

    [Theory]
    [MemberData(nameof(FalseEnds))]
    public async Task No_false_end_of_data_makes_a_second_message(string falseEnd)
    {
        await using var dialog = await InMemoryDialog.InDataAsync();

        await dialog.SendAsync(
            "Subject: first\r\n\r\nfirst" + falseEnd
            + "MAIL FROM:<eve@example.com>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\nSubject: second\r\n\r\nsecond\r\n.\r\nQUIT\r\n");

        var replies = (await dialog.RestAsync()).Split("\r\n");
        replies.Length.ShouldBe(3);
        replies[0].ShouldStartWith("554 5.6.11 ");
        replies[1].ShouldStartWith("221 ");
        dialog.Messages.ShouldBeEmpty();
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
}
