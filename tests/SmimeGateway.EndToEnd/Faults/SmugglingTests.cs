using System.Text;
using SmimeGateway.EndToEnd.Interop;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// Messages that hide a second one behind something like an end of data, into the real process and out of it: to a next hop that takes
/// bare line feeds for line ends, and to a Postfix that does too.
/// </summary>
public sealed class SmugglingTests(SmugglingChain chain) : IClassFixture<SmugglingChain>
{
    /// <summary>Everything that some server has taken for the end of data, or for a harmless line, besides the true end.</summary>
    private static readonly string[] FalseEnds =
    [
        "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r.\n", "\n\r.\n\r", "\r\r.\r\r", "\r\n.\r\r\n", "\r\r\n.\r\r\n", "\n\n.\n\n",
        "\r\n\0.\r\n", "\r\n.\0\r\n", "\r\n.\r\0\n", "\r\0\n.\r\0\n", "\r\n\r.\r\n", "\r\n.\n\r\n", "\0\n.\r\n", "\r\n\n.\n\r\n",
    ];

    [PostfixTheory]
    [InlineData("alice@example.com")]
    [InlineData("bert@example.com")]
    public async Task No_false_end_after_DATA_makes_a_second_message(string from)
    {
        foreach (var falseEnd in FalseEnds)
        {
            await using var dialog = await chain.BeginAsync(from, "DATA");
            await dialog.WriteAsync(Encoding.Latin1.GetBytes($"From: {from}\r\nSubject: outer\r\n\r\nouter{falseEnd}{SmugglingChain.Inner(from)}QUIT\r\n"));

            var replies = await RestAsync(dialog);
            replies.Count.ShouldBe(2, string.Join('\n', replies));
            replies[0].ShouldStartWith("554 5.6.11 ");
        }

        await chain.NothingInsideCameOutAsync();
    }

    [PostfixTheory]
    [InlineData("alice@example.com")]
    [InlineData("bert@example.com")]
    public async Task No_end_within_a_chunk_makes_a_second_message(string from)
    {
        foreach (var end in FalseEnds.Append("\r\n.\r\n"))
        {
            var content = $"From: {from}\r\nSubject: outer\r\n\r\nouter{end}{SmugglingChain.Inner(from)}";
            foreach (var cut in new[] { content.Length, content.IndexOf(end, StringComparison.Ordinal) + 1 })
            {
                await using var dialog = await chain.BeginAsync(from);
                await dialog.WriteAsync(Encoding.Latin1.GetBytes($"BDAT {cut}\r\n{content[..cut]}BDAT {content.Length - cut} LAST\r\n{content[cut..]}QUIT\r\n"));

                // What is inside a chunk is content, so the true end with all its dots is one message; anything else is refused.
                var replies = await RestAsync(dialog);
                replies.Count.ShouldBe(3, string.Join('\n', replies));
                replies[1].ShouldStartWith(end == "\r\n.\r\n" ? "250 2.0.0 " : "55");
            }
        }

        await chain.NothingInsideCameOutAsync();
    }

    [PostfixFact]
    public async Task Whatever_came_in_leaves_with_clean_line_ends_in_lines_of_at_most_998_octets()
    {
        var accepted = 0;
        foreach (var message in AwkwardMessages.All)
        {
            await using var dialog = await chain.DialogAsync();
            var reply = await dialog.SendAsync("alice@example.com", SmugglingChain.Recipients, message.Content, message.Parameters);
            accepted += reply.Code == 250 ? 1 : 0;
        }

        accepted.ShouldBeGreaterThan(50);
        await chain.NothingInsideCameOutAsync();
    }

    [PostfixFact]
    public async Task A_postfix_without_the_gateway_before_it_takes_the_second_message()
    {
        // Without this, the tests above would also pass behind a next hop that nothing can be smuggled into.
        await using var dialog = await chain.BeginAsync("alice@example.com", "DATA", chain.PostfixPort);

        await dialog.WriteAsync(Encoding.Latin1.GetBytes($"Subject: outer\r\n\r\nouter\n.\r\n{SmugglingChain.Inner("alice@example.com", "canary@example.net")}QUIT\r\n"));

        await Eventually.TrueAsync(() => chain.BehindPostfix.Messages.Any(message => message.Recipients.Contains("canary@example.net")));
    }

    private static async Task<List<string>> RestAsync(RawSmtpDialog dialog)
    {
        var replies = new List<string>();
        while (await dialog.ReadAsync() is var reply && reply != RawReply.Closed)
        {
            replies.Add(reply.Text);
        }

        return replies;
    }
}
