using System.Diagnostics;
using System.Text;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Smtp.Tests;

public sealed class SessionLimitsTests(ITestOutputHelper output)
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_message_that_turns_out_too_big_is_swallowed_and_refused()
    {
        await using var dialog = await InMemoryDialog.InDataAsync();
        var line = Encoding.ASCII.GetBytes(new string('x', 98) + "\r\n");

        for (var i = 0; i < 1_001; i++)
        {
            await dialog.SendAsync(line);
        }

        (await dialog.ExchangeAsync(".")).ShouldStartWith("552 5.3.4 ");
        dialog.Messages.ShouldBeEmpty();
        (await dialog.ExchangeAsync("NOOP")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_taken()
    {
        await using var dialog = await InMemoryDialog.InDataAsync(parameters: " SIZE=100000");

        for (var i = 0; i < 1_000; i++)
        {
            await dialog.SendAsync(new string('x', 98) + "\r\n");
        }

        (await dialog.ExchangeAsync(".")).ShouldStartWith("250 ");
        dialog.Messages.ShouldHaveSingleItem().Content.Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task An_announcement_of_one_octet_does_not_let_sixty_megabytes_in()
    {
        var options = SomeServer.Options with { MaxMessageBytes = 100_000_000 };
        await using var dialog = await InMemoryDialog.InDataAsync(options, parameters: " SIZE=1");
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 98) + "\r\n", 600)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            await dialog.SendAsync(lines);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000);
        (await dialog.ExchangeAsync(".")).ShouldStartWith("552 5.3.4 ");
    }

    [Theory]
    [InlineData(2_048)]
    [InlineData(1_000_000)]
    [InlineData(24_000_000)]
    public async Task A_command_line_without_end_costs_no_memory_and_one_reply(int length)
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        var piece = Encoding.ASCII.GetBytes(new string('A', 64 * 1024));
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var left = length; left > 0; left -= piece.Length)
        {
            await dialog.SendAsync(piece.AsMemory(0, Math.Min(left, piece.Length)));
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(5_000_000);
        (await dialog.ExchangeAsync(string.Empty)).ShouldStartWith("500 5.5.2 ");
        (await dialog.ExchangeAsync("NOOP")).ShouldBe("250 2.0.0 ok");
    }

    [Fact]
    public async Task A_command_line_within_the_limit_may_be_long()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        (await dialog.ExchangeAsync("NOOP " + new string('x', 2_042))).ShouldBe("250 2.0.0 ok");
    }

    [Fact]
    public async Task Recipients_beyond_the_limit_come_with_the_next_transaction()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");

        for (var i = 0; i < 3; i++)
        {
            (await dialog.ExchangeAsync($"RCPT TO:<bob{i}@example.net>")).ShouldStartWith("250 ");
        }

        for (var i = 0; i < 1_000; i++)
        {
            (await dialog.ExchangeAsync($"RCPT TO:<bob{i}@example.net>")).ShouldStartWith("452 4.5.3 ");
        }
    }

    [Fact]
    public async Task A_hundred_thousand_recipients_are_answered_and_not_kept()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(SomeServer.Options with { MaxRecipients = 1_000 });
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");
        var began = Stopwatch.GetTimestamp();

        for (var i = 0; i < 100; i++)
        {
            await dialog.SendAsync(string.Concat(Enumerable.Range(i * 1_000, 1_000).Select(number => $"RCPT TO:<bob{number}@example.net>\r\n")));
            dialog.Discard();
        }

        output.WriteLine($"answered in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s");
        (await dialog.ExchangeAsync("RCPT TO:<last@example.net>")).ShouldStartWith("452 4.5.3 ");
        (await dialog.ExchangeAsync("BDAT 0 LAST")).ShouldStartWith("250 ");
        dialog.Messages.ShouldHaveSingleItem().Envelope.Recipients.Count.ShouldBe(1_000);
    }

    [Fact]
    public async Task Too_many_errors_end_the_session()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(SomeServer.Options with { MaxErrors = 2 });

        await dialog.SendAsync("BAD\r\nRCPT TO:<a@example.com>\r\nBAD\r\nNOOP\r\n");

        (await dialog.RestAsync()).Split("\r\n").Select(line => line.Split(' ')[0]).ShouldBe(["500", "503", "500", "421", ""]);
        (await dialog.Ended).ShouldBe(SessionEnd.TooManyErrors);
    }

    [Fact]
    public async Task Refused_recipients_are_no_errors_of_the_client()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(SomeServer.Options with { MaxErrors = 2 });
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");

        for (var i = 0; i < 10; i++)
        {
            (await dialog.ExchangeAsync("RCPT TO:<refused@example.com>")).ShouldStartWith("550 5.1.2 ");
        }
    }

    [Fact]
    public async Task An_accepted_message_clears_the_errors_before_it()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(SomeServer.Options with { MaxErrors = 1 });
        for (var i = 0; i < 5; i++)
        {
            (await dialog.ExchangeAsync("BAD")).ShouldStartWith("500 ");
            await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");
            await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
            await dialog.ExchangeAsync("DATA");
            (await dialog.ExchangeAsync(".")).ShouldStartWith("250 ");
        }
    }

    [Fact]
    public async Task A_silent_client_is_told_421_and_left()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(time: _time);

        _time.Advance(TimeSpan.FromMinutes(4));
        (await dialog.ExchangeAsync("NOOP")).ShouldStartWith("250 ");
        _time.Advance(TimeSpan.FromMinutes(4));
        dialog.Ended.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(2));

        (await dialog.ReplyAsync()).ShouldStartWith("421 4.4.2 ");
        (await dialog.Ended).ShouldBe(SessionEnd.TimedOut);
    }

    [Fact]
    public async Task A_command_that_trickles_in_does_not_keep_a_session_alive()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(time: _time);

        for (var i = 0; i < 6; i++)
        {
            await dialog.SendAsync("N");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        (await dialog.Ended).ShouldBe(SessionEnd.TimedOut);
    }

    [Fact]
    public async Task A_transaction_that_takes_too_long_is_ended_though_data_flows()
    {
        await using var dialog = await InMemoryDialog.InDataAsync(time: _time);

        for (var i = 0; i < 9; i++)
        {
            await dialog.SendAsync("a\r\n");
            _time.Advance(TimeSpan.FromMinutes(1));
            dialog.Ended.IsCompleted.ShouldBeFalse();
        }

        _time.Advance(TimeSpan.FromMinutes(1.1));
        (await dialog.ReplyAsync()).ShouldStartWith("421 4.4.2 ");
        (await dialog.Ended).ShouldBe(SessionEnd.TimedOut);
        dialog.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_time_the_handler_takes_is_not_the_clients()
    {
        var gate = new TaskCompletionSource<SmtpReply>();
        var policy = new SmtpServerPolicy { HandleMessage = (_, _) => new ValueTask<SmtpReply>(gate.Task) };
        await using var dialog = await InMemoryDialog.InDataAsync(policy: policy, time: _time);
        await dialog.SendAsync("a\r\n.\r\n");

        _time.Advance(TimeSpan.FromHours(1));
        gate.SetResult(SomeServer.Queued);

        (await dialog.ReplyAsync()).ShouldBe("250 2.0.0 queued");
        (await dialog.ExchangeAsync("NOOP")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_left_without_more_words()
    {
        await using var dialog = new InMemoryDialog(time: _time, window: 1_000);
        await dialog.SendAsync(string.Concat(Enumerable.Repeat("NOOP\r\n", 1_000)));

        _time.Advance(TimeSpan.FromMinutes(6));

        (await dialog.Ended).ShouldBe(SessionEnd.Stalled);
    }

    [Fact]
    public async Task An_idle_session_is_drained_at_once()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        await dialog.DrainAsync();

        (await dialog.ReplyAsync()).ShouldStartWith("421 4.3.2 ");
        (await dialog.Ended).ShouldBe(SessionEnd.Drained);
    }

    [Fact]
    public async Task A_running_transaction_is_finished_before_the_session_is_drained()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");

        await dialog.DrainAsync();
        (await dialog.ExchangeAsync("RCPT TO:<bob@example.net>")).ShouldStartWith("250 ");
        (await dialog.ExchangeAsync("DATA")).ShouldStartWith("354 ");
        (await dialog.ExchangeAsync("a\r\n.")).ShouldStartWith("250 ");

        (await dialog.ReplyAsync()).ShouldStartWith("421 4.3.2 ");
        dialog.Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task No_transaction_begins_while_draining()
    {
        await using var dialog = await InMemoryDialog.InDataAsync();
        await dialog.DrainAsync();

        await dialog.SendAsync("a\r\n.\r\nMAIL FROM:<alice@example.com>\r\n");

        (await dialog.RestAsync()).ShouldMatch(@"^250 [^\r]*\r\n421 4\.3\.2 [^\r]*\r\n$");
    }
}
