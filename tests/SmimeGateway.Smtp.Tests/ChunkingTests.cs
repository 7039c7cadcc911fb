using System.Diagnostics;
using System.Text;
using Xunit.Abstractions;

namespace SmimeGateway.Smtp.Tests;

public sealed class ChunkingTests(ITestOutputHelper output)
{
    private const string Envelope = "EHLO c\r\nMAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\n";

    public static TheoryData<string, string> Messages => new()
    {
        { "BDAT 6 LAST\r\na: b\r\n", "a: b\r\n" },
        { "BDAT 0 LAST\r\n", "" },
        { "BDAT 6\r\na: b\r\nBDAT 0 LAST\r\n", "a: b\r\n" },
        { "BDAT 5\r\na: b\rBDAT 1\r\n\nBDAT 5 LAST\r\n\r\nc\r\n", "a: b\r\n\r\nc\r\n" },
        { "bdat 0\r\nBdat 000000000000000000000000001\r\naBDAT 1 last\r\nb", "ab\r\n" },
        { "BDAT 8 LAST\r\n.\r\n..\r\n.", ".\r\n..\r\n.\r\n" },
        { "BDAT 14 LAST\r\na\r\n.\r\nQUIT\r\n\r\n", "a\r\n.\r\nQUIT\r\n\r\n" },
        { "BDAT 4\r\nlostRSET\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.net>\r\nBDAT 6 LAST\r\nkept\r\n", "kept\r\n" },
        { "BDAT 4\r\nlostEHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\nkept\r\n.\r\n", "kept\r\n" },
    };

    public static TheoryData<string> Faults => new(
        "BDAT 3 LAST\r\na\nb", "BDAT 3 LAST\r\na\rb", "BDAT 2 LAST\r\na\r", "BDAT 3 LAST\r\na\0b", "BDAT 2\r\na\rBDAT 0 LAST\r\n", "BDAT 2\r\na\rBDAT 1 LAST\r\nb",
        "BDAT 1 LAST\r\n\n", "BDAT 2\r\n\r\nBDAT 1 LAST\r\n\n", "BDAT 4 LAST\r\n\r\r\n\n", "BDAT 2\r\n\r\rBDAT 1 LAST\r\n\n");

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Chunks_make_a_message_however_they_are_split(string chunks, string content)
    {
        var octets = Encoding.ASCII.GetBytes(Envelope + chunks + "QUIT\r\n");
        for (var at = 0; at <= octets.Length; at++)
        {
            // The last round sends every octet on its own.
            byte[][] pieces = at == octets.Length ? [.. octets.Select(octet => new[] { octet })] : [octets[..at], octets[at..]];
            await using var dialog = new InMemoryDialog();
            foreach (var piece in pieces)
            {
                await dialog.SendAsync(piece);
            }

            var replies = (await dialog.RestAsync()).Split("\r\n");
            replies[^2].ShouldStartWith("221 ");
            replies[^3].ShouldBe("250 2.0.0 queued");
            Encoding.ASCII.GetString(dialog.Messages.ShouldHaveSingleItem().Content.Span).ShouldBe(content);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_message_in_chunks_that_DATA_could_not_carry_is_refused(string chunks)
    {
        await using var dialog = new InMemoryDialog();

        await dialog.SendAsync(Envelope + chunks + "NOOP\r\nQUIT\r\n");

        var replies = (await dialog.RestAsync()).Split("\r\n");
        replies[^4].ShouldStartWith("554 5.6.11 ");
        replies[^3].ShouldStartWith("250 2.0.0 ");
        dialog.Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("DATA\r\n", "\r\n.\r\n")]
    [InlineData("BDAT 1001 LAST\r\n", "")]
    public async Task The_reply_to_a_line_that_is_too_long_names_the_limit_and_where_it_is_set(string before, string after)
    {
        await using var dialog = new InMemoryDialog(SomeServer.Options with { MaxLineBytes = 1000, LineLimitName = "limits.lineLength" });

        await dialog.SendAsync(Envelope + before + new string('x', 1001) + after + "QUIT\r\n");

        (await dialog.RestAsync()).ShouldContain("\r\n554 5.6.11 the message has a line of more than 1000 octets (limits.lineLength)\r\n");
        dialog.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_line_may_be_long_in_a_chunk()
    {
        await using var dialog = new InMemoryDialog();

        await dialog.SendAsync($"{Envelope}BDAT 50000 LAST\r\n{new string('x', 50_000)}QUIT\r\n");

        await dialog.RestAsync();
        dialog.Messages.ShouldHaveSingleItem().Content.Length.ShouldBe(50_002);
    }

    [Theory]
    [InlineData("BDAT 6\r\nNOOP\r\n", "220 503")]
    [InlineData("EHLO c\r\nBDAT 6 LAST\r\nNOOP\r\n", "220 250 503")]
    [InlineData("EHLO c\r\nMAIL FROM:<a@example.com>\r\nBDAT 6\r\nNOOP\r\nRCPT TO:<b@example.com>\r\nBDAT 6 LAST\r\nNOOP\r\nNOOP\r\n", "220 250 250 554 503 554 250")]
    [InlineData(Envelope + "BDAT 6\r\nNOOP\r\nDATA\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.com>\r\nRSET\r\nDATA\r\n", "220 250 250 250 250 503 503 503 250 503")]
    [InlineData(Envelope + "BDAT 6 LAST\r\nNOOP\r\nBDAT 6 LAST\r\nNOOP\r\n", "220 250 250 250 250 503")]
    [InlineData(Envelope + "BDAT 1\r\n\nBDAT 6\r\nNOOP\r\nBDAT 6 LAST\r\nNOOP\r\nNOOP\r\n", "220 250 250 250 554 554 554 250")]
    [InlineData(Envelope + "BDAT 6 NOW\r\nNOOP\r\nBDAT 6 LAST\r\nNOOP\r\nNOOP\r\n", "220 250 250 250 501 501 250")]
    [InlineData(Envelope + "BDAT 1\r\n\nRSET\r\nMAIL FROM:<>\r\n", "220 250 250 250 554 250 250")]
    public async Task The_octets_of_a_refused_chunk_are_never_commands(string octets, string replies)
    {
        await using var dialog = new InMemoryDialog();

        await dialog.SendAsync(octets);
        await dialog.HangUpAsync();

        var codes = (await dialog.RestAsync()).Split("\r\n").Where(line => line is [_, _, _, ' ', ..]).Select(line => line[..3]);
        string.Join(' ', codes).ShouldBe(replies);
    }

    [Theory]
    [InlineData("BDAT", "501 5.5.4")]
    [InlineData("BDAT LAST", "501 5.5.4")]
    [InlineData("BDAT -1", "501 5.5.4")]
    [InlineData("BDAT +5 LAST", "501 5.5.4")]
    [InlineData("BDAT  5 LAST", "501 5.5.4")]
    [InlineData("BDAT 0x10", "501 5.5.4")]
    [InlineData("BDAT 400004", "552 5.3.4")]
    [InlineData("BDAT 4294967296", "552 5.3.4")]
    [InlineData("BDAT 9223372036854775807 LAST", "552 5.3.4")]
    [InlineData("BDAT 9223372036854775808 LAST", "552 5.3.4")]
    [InlineData("BDAT 18446744073709551621 LAST", "552 5.3.4")]
    public async Task A_chunk_without_a_believable_end_ends_the_session(string command, string reply)
    {
        await using var dialog = new InMemoryDialog();

        await dialog.SendAsync($"{Envelope}{command}\r\nMAIL FROM:<eve@example.com>\r\n");

        (await dialog.RestAsync()).Split("\r\n")[^2].ShouldStartWith(reply);
        (await dialog.Ended).ShouldBe(SessionEnd.OutOfStep);
    }

    [Fact]
    public async Task Chunks_beyond_the_size_limit_are_swallowed_and_refused()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");
        await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
        var half = new string('x', 60_000);

        await dialog.SendAsync("BDAT 60000\r\n" + half);
        (await dialog.ReplyAsync()).ShouldStartWith("250 ");
        await dialog.SendAsync("BDAT 60000\r\n" + half);
        (await dialog.ReplyAsync()).ShouldStartWith("552 5.3.4 ");
        (await dialog.ExchangeAsync("BDAT 0 LAST")).ShouldStartWith("552 5.3.4 ");

        dialog.Messages.ShouldBeEmpty();
        (await dialog.ExchangeAsync("NOOP")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_taken_in_chunks()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        await dialog.SendAsync($"MAIL FROM:<>\r\nRCPT TO:<bob@example.net>\r\nBDAT 50000\r\n{new string('x', 50_000)}BDAT 50000 LAST\r\n{new string('y', 50_000)}QUIT\r\n");

        await dialog.RestAsync();
        dialog.Messages.ShouldHaveSingleItem().Content.Length.ShouldBe(100_002);
    }

    [Fact]
    public async Task An_announcement_of_one_octet_does_not_let_sixty_megabytes_of_chunks_in()
    {
        var options = SomeServer.Options with { MaxMessageBytes = 100_000_000 };
        await using var dialog = await InMemoryDialog.GreetAsync(options);
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> SIZE=1");
        await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
        var piece = Encoding.ASCII.GetBytes(new string('x', 60_000));
        var before = GC.GetAllocatedBytesForCurrentThread();

        await dialog.SendAsync("BDAT 60000000 LAST\r\n");
        for (var i = 0; i < 1_000; i++)
        {
            await dialog.SendAsync(piece);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000);
        (await dialog.ReplyAsync()).ShouldStartWith("552 5.3.4 ");
    }

    [Fact]
    public async Task A_million_chunks_of_one_octet_are_cheap()
    {
        var options = SomeServer.Options with { MaxMessageBytes = 10_000_000 };
        await using var dialog = await InMemoryDialog.GreetAsync(options);
        await dialog.SendAsync("MAIL FROM:<>\r\nRCPT TO:<bob@example.net>\r\n");
        var chunks = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("BDAT 1\r\nx", 1_000)));
        await dialog.ReplyAsync();
        await dialog.ReplyAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();

        for (var i = 0; i < 1_000; i++)
        {
            await dialog.SendAsync(chunks);
            dialog.Discard();
        }

        // A second of processor time; what looked at every octet again with each chunk would take many minutes.
        output.WriteLine($"taken in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000);
        (await dialog.ExchangeAsync("BDAT 0 LAST")).ShouldStartWith("250 ");
        dialog.Messages.ShouldHaveSingleItem().Content.Length.ShouldBe(1_000_002);
    }

    [Fact]
    public async Task A_client_that_vanishes_in_a_chunk_leaves_nothing()
    {
        await using var dialog = new InMemoryDialog();
        await dialog.SendAsync(Envelope + "BDAT 10 LAST\r\nhalf");

        await dialog.HangUpAsync();

        (await dialog.Ended).ShouldBe(SessionEnd.ClientGone);
        dialog.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prefix_that_fails_refuses_every_chunk_with_451()
    {
        var policy = SomeServer.Answer(_ => SomeServer.Queued) with { PrefixContent = (_, _) => throw new InvalidOperationException() };
        await using var dialog = new InMemoryDialog(policy: policy);

        await dialog.SendAsync(Envelope + "BDAT 1\r\naBDAT 1 LAST\r\nbMAIL FROM:<>\r\nQUIT\r\n");

        (await dialog.RestAsync()).Split("\r\n")[^6..^2].Select(line => line[..3]).ShouldBe(["250", "451", "451", "250"]);
    }
}
