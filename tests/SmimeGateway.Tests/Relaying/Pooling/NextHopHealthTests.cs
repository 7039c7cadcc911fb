using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Relaying.Pooling;

public sealed class NextHopHealthTests
{
    private static readonly DateTimeOffset Now = SomeQueued.Accepted;
    private static readonly DeliveryStatus Trouble = new(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 1), "No answer.", null);

    [Fact]
    public void A_sound_address_may_be_tried_by_everybody()
    {
        var health = new NextHopHealth(TimeSpan.FromSeconds(30));

        health.MayTry(Now, out _).ShouldBeTrue();
        health.MayTry(Now, out _).ShouldBeTrue();
    }

    [Fact]
    public void After_the_pause_one_may_try_and_the_others_wait_for_its_result()
    {
        var health = new NextHopHealth(TimeSpan.FromSeconds(30));
        health.Failed(Now, Trouble);

        health.MayTry(Now.AddSeconds(29), out var trouble).ShouldBeFalse();
        trouble.ShouldBe(Trouble);
        health.MayTry(Now.AddSeconds(30), out _).ShouldBeTrue();
        health.MayTry(Now.AddSeconds(30), out _).ShouldBeFalse();
        health.Opened();
        health.MayTry(Now.AddSeconds(30), out _).ShouldBeTrue();
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_keep_an_address_out()
    {
        var health = new NextHopHealth(TimeSpan.FromSeconds(30));
        health.Failed(Now, Trouble);

        health.MayTry(Now.AddDays(-1), out _).ShouldBeTrue();
    }

    [Fact]
    public void Sessions_lost_one_after_the_other_begin_a_rest_that_only_a_verdict_ends()
    {
        var health = new NextHopHealth(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 4; i++)
        {
            health.Lost(Now, Trouble).ShouldBeFalse();
        }

        health.Lost(Now, Trouble).ShouldBeTrue();

        health.MayTry(Now.AddSeconds(29), out _).ShouldBeFalse();
        health.MayTry(Now.AddSeconds(30), out _).ShouldBeTrue();
        health.Opened();
        health.IsSound.ShouldBeFalse("the sessions before this one began well, too");
        health.MayTry(Now.AddSeconds(31), out _).ShouldBeFalse();
        health.Answered();
        health.IsSound.ShouldBeTrue();
        health.MayTry(Now.AddSeconds(31), out _).ShouldBeTrue();
    }

    [Fact]
    public void A_verdict_in_between_makes_lost_sessions_a_matter_of_chance()
    {
        var health = new NextHopHealth(TimeSpan.FromSeconds(30));

        for (var i = 0; i < 20; i++)
        {
            health.Lost(Now, Trouble).ShouldBeFalse();
            health.Lost(Now, Trouble).ShouldBeFalse();
            health.Answered();
        }

        health.IsSound.ShouldBeTrue();
    }

    [Fact]
    public void The_last_trouble_is_remembered_when_it_is_over()
    {
        var health = new NextHopHealth(TimeSpan.FromSeconds(30));
        health.Failed(Now, Trouble);
        health.Look().RestingUntil.ShouldBe(Now.AddSeconds(30));

        health.Opened();

        health.Look().ShouldBe((null, Trouble, Now));
    }
}
