using SmimeGateway.Queueing;
using SmimeGateway.Relaying;

namespace SmimeGateway.Tests.Relaying;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Accepted = SomeQueued.Accepted;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 5)]
    [InlineData(5, 30)]
    [InlineData(100, 30)]
    public void Each_attempt_has_its_pause_and_the_last_pause_repeats(int attempts, int minutes)
    {
        var now = Accepted.AddHours(1);

        new RetrySchedule(new QueueOptions(), () => 0.5).NextAttempt(Of(now - Accepted, attempts), now).ShouldBe(now.AddMinutes(minutes));
    }

    [Fact]
    public void Messages_that_failed_together_are_spread()
    {
        new RetrySchedule(new QueueOptions(), () => 0).NextAttempt(Of(TimeSpan.Zero, 0), Accepted).ShouldBe(Accepted.AddSeconds(45));
        new RetrySchedule(new QueueOptions(), () => 1).NextAttempt(Of(TimeSpan.Zero, 0), Accepted).ShouldBe(Accepted.AddSeconds(75));
    }

    [Fact]
    public void No_second_carries_more_than_a_twentieth_of_the_first_retries()
    {
        var schedule = new RetrySchedule(new QueueOptions());

        var perSecond = Enumerable.Range(0, 10_000)
            .Select(_ => schedule.NextAttempt(Of(TimeSpan.Zero, 0), Accepted)!.Value)
            .GroupBy(moment => (int)(moment - Accepted).TotalSeconds);

        perSecond.Max(second => second.Count()).ShouldBeLessThan(500);
    }

    [Fact]
    public void It_gives_up_when_the_time_is_over() =>
        new RetrySchedule(new QueueOptions(), () => 0.5).NextAttempt(Of(TimeSpan.FromDays(5), 240), Accepted.AddDays(5)).ShouldBeNull();

    [Fact]
    public void The_last_attempt_comes_exactly_when_the_time_is_over()
    {
        var now = Accepted.AddDays(5).AddMinutes(-1);

        new RetrySchedule(new QueueOptions(), () => 0.5).NextAttempt(Of(now - Accepted, 200), now).ShouldBe(Accepted.AddDays(5));
    }

    [Fact]
    public void A_gateway_that_was_off_for_years_gives_nothing_up_that_was_hardly_tried()
    {
        var schedule = new RetrySchedule(new QueueOptions(), () => 0.5);
        var age = TimeSpan.FromDays(3650);

        schedule.NextAttempt(Of(age, 0), Accepted).ShouldBe(Accepted.AddMinutes(1));
        schedule.NextAttempt(Of(age, 4), Accepted).ShouldNotBeNull();
        schedule.NextAttempt(Of(age, 5), Accepted).ShouldBeNull();
    }

    [Fact]
    public void A_warning_is_due_when_the_message_is_old_and_was_tried()
    {
        var schedule = new RetrySchedule(new QueueOptions(), () => 0.5);

        schedule.IsWarningDue(Of(TimeSpan.FromHours(4) - TimeSpan.FromSeconds(1), 100)).ShouldBeFalse();
        schedule.IsWarningDue(Of(TimeSpan.FromHours(4), 5)).ShouldBeTrue();
        schedule.IsWarningDue(Of(TimeSpan.FromDays(3650), 4)).ShouldBeFalse();
    }

    [Fact]
    public void The_end_is_as_far_away_as_the_time_that_is_left()
    {
        var schedule = new RetrySchedule(new QueueOptions(), () => 0.5);

        schedule.End(TimeSpan.FromHours(4), Accepted).ShouldBe(Accepted.AddDays(5).AddHours(-4));
        schedule.End(TimeSpan.FromDays(6), Accepted).ShouldBe(Accepted);
    }

    [Fact]
    public void A_time_shorter_than_the_pauses_is_kept()
    {
        var options = new QueueOptions { GiveUpAfter = TimeSpan.FromMinutes(4) };
        var schedule = new RetrySchedule(options, () => 0.5);

        // Tried at 0, 1 and 3 minutes, and for the last time at 4.
        schedule.NextAttempt(Of(TimeSpan.FromMinutes(3), 2), Accepted.AddMinutes(3)).ShouldBe(Accepted.AddMinutes(4));
        schedule.NextAttempt(Of(TimeSpan.FromMinutes(4), 3), Accepted.AddMinutes(4)).ShouldBeNull();
    }

    [Fact]
    public void Mail_of_a_route_that_cannot_be_reached_is_given_up_by_the_time_it_waited_though_it_was_never_tried()
    {
        var schedule = new RetrySchedule(new QueueOptions(), () => 0.5);
        var old = Of(TimeSpan.FromDays(3650), attempts: 0);

        // Six attempts are made within 1 + 2 + 5 + 10 + 15 minutes, each of them a quarter longer at most.
        var enough = TimeSpan.FromMinutes(33 * 1.25);
        schedule.NextAttempt(old with { Waited = enough - TimeSpan.FromSeconds(1) }, Accepted).ShouldNotBeNull();
        schedule.NextAttempt(old with { Waited = enough }, Accepted).ShouldBeNull();
        schedule.IsWarningDue(old with { Waited = enough - TimeSpan.FromSeconds(1) }).ShouldBeFalse();
        schedule.IsWarningDue(old with { Waited = enough }).ShouldBeTrue();
    }

    [Theory]
    [InlineData(3.9, 3.9, 0, false, false)]
    [InlineData(4, 4, 0, false, true)]
    [InlineData(100, 0.1, 0, false, false)]
    [InlineData(100, 0.1, 5, false, true)]
    [InlineData(119, 119, 9, true, false)]
    [InlineData(120, 120, 0, true, true)]
    [InlineData(500, 0.1, 0, true, false)]
    public void A_sender_hears_of_the_delay_and_then_of_the_end_once_enough_was_tried_or_waited(
        double age, double waited, int attempts, bool isDelayReported, bool mustTell)
    {
        var schedule = new RetrySchedule(new QueueOptions());
        var wait = new QueueWait(TimeSpan.FromHours(age), TimeSpan.FromHours(waited), attempts, isDelayReported);

        schedule.MustTell(wait).ShouldBe(mustTell);

        // Whoever is handed out has something to say: or it would come out again and again.
        var message = Of(wait.Age, attempts) with { Waited = wait.Waited, IsDelayReported = isDelayReported };
        (isDelayReported ? schedule.NextAttempt(message, Accepted) is null : schedule.IsWarningDue(message)).ShouldBe(mustTell);
    }

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(1, true, false)]
    [InlineData(5, true, true)]
    public void What_is_enough_for_a_warning_is_not_enough_for_the_end(int attempts, bool isDelayReported, bool mustTell)
    {
        var schedule = new RetrySchedule(new QueueOptions { WarnAfter = TimeSpan.FromMinutes(3) });

        schedule.MustTell(new QueueWait(TimeSpan.FromDays(30), TimeSpan.Zero, attempts, isDelayReported)).ShouldBe(mustTell);
    }

    private static QueuedMessage Of(TimeSpan age, int attempts) => SomeQueued.To("bob@example.net") with { Age = age, Attempts = attempts };
}
