using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("GREETING")]
    [InlineData("EHLO")]
    public async Task A_silent_server_is_left_after_five_minutes(string command)
    {
        var time = new ManualTimeProvider();
        var began = time.GetUtcNow();
        await using var nextHop = ScriptedNextHop.Start(command, ScriptedReply.Hang);

        var opening = OpenSession.TryAsync(nextHop, time);
        await Eventually.TrueAsync(() => nextHop.HasReached(command));
        await time.AdvanceUntilAsync(opening, Step);

        (await opening).Trouble!.Diagnostic.ShouldBe("Time ran out while waiting for the server.");
        (time.GetUtcNow() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData("MAIL", 5)]
    [InlineData("RCPT", 5)]
    [InlineData("DATA", 2)]
    [InlineData("DOT", 10)]
    public async Task Each_phase_has_its_own_patience(string command, int minutes)
    {
        var time = new ManualTimeProvider();
        await using var nextHop = ScriptedNextHop.Start(command, ScriptedReply.Hang);
        await using var session = await OpenSession.WithAsync(nextHop, time);
        var began = time.GetUtcNow();

        var sending = session.SendAsync(SomeMail.Envelope, SomeMail.Content, default).AsTask();
        await Eventually.TrueAsync(() => nextHop.HasReached(command));
        await time.AdvanceUntilAsync(sending, Step);

        var status = (await sending).Recipients.Single();
        status.Action.ShouldBe(DeliveryAction.Delayed);
        status.Diagnostic.ShouldStartWith("Time ran out while waiting for the server.");
        (time.GetUtcNow() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(minutes));
        session.IsReusable.ShouldBeFalse();
    }

    [Fact]
    public void The_wait_after_the_dot_is_the_longest()
    {
        var timeouts = new SmtpClientTimeouts();

        new[] { timeouts.Greeting, timeouts.Command, timeouts.DataStart, timeouts.DataBlock, timeouts.Quit }.Max().ShouldBeLessThan(timeouts.DataEnd);
    }

    [Fact]
    public async Task A_session_that_rests_is_not_disturbed_by_old_deadlines()
    {
        var time = new ManualTimeProvider();
        await using var nextHop = ScriptedNextHop.Start();
        await using var session = await OpenSession.WithAsync(nextHop, time);

        await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);
        time.Advance(TimeSpan.FromHours(1));
        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
    }

    [Fact]
    public async Task A_server_that_stops_reading_is_left_after_the_block_timeout()
    {
        var time = new ManualTimeProvider();
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb == "DATA" ? ScriptedReply.SayAndHang("354 go on") : null;
        await using var session = await OpenSession.WithAsync(nextHop, time);

        // More than any socket buffer takes.
        var sending = session.SendAsync(SomeMail.Envelope, SomeMail.ContentOf(40_000_000), default).AsTask();
        await time.AdvanceUntilAsync(sending, Step);

        (await sending).Recipients.Single().Diagnostic.ShouldBe("Time ran out while waiting for the server.");
    }
}
