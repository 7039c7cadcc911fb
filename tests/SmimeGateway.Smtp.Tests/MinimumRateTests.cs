using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests;

public sealed class MinimumRateTests
{
    private static readonly SmtpServerOptions Watched = SomeServer.Options with { MaxMessageBytes = 10_000_000 };

    private readonly ManualTimeProvider _time = new();
    private readonly SmtpServerPolicy _policy;
    private int _minimum = 500;

    public MinimumRateTests() => _policy = SomeServer.Collect([]) with { MinBytesPerSecond = () => _minimum };

    [Fact]
    public async Task A_message_that_trickles_in_is_cut_off_after_a_minute()
    {
        await using var dialog = await InMemoryDialog.InDataAsync(Watched, _policy, _time);

        for (var i = 0; i < 6 && !dialog.Ended.IsCompleted; i++)
        {
            await dialog.SendAsync("x");
            _time.Advance(TimeSpan.FromSeconds(10.5));
        }

        (await dialog.ReplyAsync()).ShouldStartWith("421 4.4.2 the message comes in too slowly");
        (await dialog.Ended).ShouldBe(SessionEnd.TooSlow);
    }

    [Fact]
    public async Task A_client_that_falls_silent_in_the_message_is_cut_off_after_a_minute()
    {
        await using var dialog = await InMemoryDialog.InDataAsync(Watched, _policy, _time);

        _time.Advance(TimeSpan.FromSeconds(61));

        (await dialog.Ended).ShouldBe(SessionEnd.TooSlow);
    }

    [Fact]
    public async Task Chunks_that_trickle_in_are_cut_off_too()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(Watched, _policy, _time);
        await dialog.SendAsync("MAIL FROM:<>\r\nRCPT TO:<bob@example.net>\r\nBDAT 100000\r\n");

        for (var i = 0; i < 7 && !dialog.Ended.IsCompleted; i++)
        {
            await dialog.SendAsync("x");
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        (await dialog.Ended).ShouldBe(SessionEnd.TooSlow);
    }

    [Fact]
    public async Task A_message_of_many_tiny_chunks_is_measured_as_one()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(Watched, _policy, _time);
        await dialog.SendAsync("MAIL FROM:<>\r\nRCPT TO:<bob@example.net>\r\n");

        for (var i = 0; i < 8 && !dialog.Ended.IsCompleted; i++)
        {
            await dialog.SendAsync("BDAT 2\r\nx");
            _time.Advance(TimeSpan.FromSeconds(10));
            await dialog.SendAsync("y");
        }

        (await dialog.Ended).ShouldBe(SessionEnd.TooSlow);
    }

    [Fact]
    public async Task A_message_that_comes_fast_enough_may_take_many_minutes()
    {
        await using var dialog = await InMemoryDialog.InDataAsync(Watched, _policy, _time);
        var line = new string('x', 98) + "\r\n";

        for (var i = 0; i < 48; i++)
        {
            for (var lines = 0; lines < 60; lines++)
            {
                await dialog.SendAsync(line);
            }

            _time.Advance(TimeSpan.FromSeconds(10));
            dialog.Ended.IsCompleted.ShouldBeFalse();
        }

        (await dialog.ExchangeAsync(".")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task Without_a_minimum_any_pace_will_do()
    {
        await using var dialog = await InMemoryDialog.InDataAsync(time: _time);

        for (var i = 0; i < 9; i++)
        {
            await dialog.SendAsync("x");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        (await dialog.ExchangeAsync("\r\n.")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task The_minimum_may_come_into_force_in_the_middle_of_a_message()
    {
        _minimum = 0;
        await using var dialog = await InMemoryDialog.InDataAsync(Watched, _policy, _time);
        for (var i = 0; i < 3; i++)
        {
            await dialog.SendAsync("x");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        dialog.Ended.IsCompleted.ShouldBeFalse();
        _minimum = 500;
        await dialog.SendAsync("x");
        _time.Advance(TimeSpan.FromSeconds(61));

        (await dialog.Ended).ShouldBe(SessionEnd.TooSlow);
    }

    [Fact]
    public async Task A_client_that_is_silent_in_a_message_times_out_though_the_minutes_are_counted()
    {
        _minimum = 0;
        await using var dialog = await InMemoryDialog.InDataAsync(Watched with { IdleTimeout = TimeSpan.FromMinutes(3) }, _policy, _time);

        _time.Advance(TimeSpan.FromSeconds(170));
        dialog.Ended.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(20));

        (await dialog.Ended).ShouldBe(SessionEnd.TimedOut);
    }
}
