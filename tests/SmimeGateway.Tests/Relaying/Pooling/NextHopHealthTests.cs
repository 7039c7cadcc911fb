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
        health.Succeeded();
        health.MayTry(Now.AddSeconds(30), out _).ShouldBeTrue();
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_keep_an_address_out()
    {
        var health = new NextHopHealth(TimeSpan.FromSeconds(30));
        health.Failed(Now, Trouble);

        health.MayTry(Now.AddDays(-1), out _).ShouldBeTrue();
    }
}
