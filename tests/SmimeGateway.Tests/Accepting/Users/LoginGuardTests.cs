using System.Net;
using SmimeGateway.Accepting.Users;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting.Users;

public sealed class LoginGuardTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");
    private readonly ManualTimeProvider _time = new();
    private readonly LoginGuard _guard;

    public LoginGuardTests() => _guard = new LoginGuard(_time);

    [Fact]
    public void Each_failure_delays_the_next_attempt_longer_up_to_a_point()
    {
        var delays = Enumerable.Range(0, LoginGuard.MaxFailures).Select(_ => Fail(Client)!.Value.TotalSeconds);

        delays.ShouldBe([0, 1, 2, 4, 8, 8, 8, 8, 8, 8]);
    }

    [Fact]
    public void After_too_many_failures_nothing_is_looked_at_until_the_window_is_over()
    {
        FailOften(Client);
        _guard.Admit(Client).ShouldBeNull();
        _time.Advance(LoginGuard.Window - TimeSpan.FromSeconds(1));
        _guard.Admit(Client).ShouldBeNull();

        _time.Advance(TimeSpan.FromSeconds(2));

        _guard.Admit(Client).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Who_knows_a_password_begins_anew()
    {
        Fail(Client);
        Fail(Client);
        _guard.Admit(Client);

        _guard.Succeeded(Client);

        _guard.Admit(Client).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Connections_that_log_in_side_by_side_do_not_delay_each_other()
    {
        Enumerable.Range(0, 50).Select(_ => _guard.Admit(Client)).ShouldAllBe(delay => delay == TimeSpan.Zero);
    }

    [Fact]
    public void Guessing_side_by_side_ends_too()
    {
        var admitted = Enumerable.Range(0, 1000).Count(_ => _guard.Admit(Client) is not null);
        for (var i = 0; i < admitted; i++)
        {
            _guard.Failed(Client);
        }

        admitted.ShouldBe(100);
        _guard.Admit(Client).ShouldBeNull();
    }

    [Fact]
    public void Attempts_that_are_abandoned_lock_nobody_out_and_wipe_no_failure_away()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _guard.Admit(Client).ShouldBe(TimeSpan.Zero);
            _guard.Abandoned(Client);
        }

        _guard.Count.ShouldBe(0);
        FailOften(Client);
        _guard.Abandoned(Client);

        _guard.Admit(Client).ShouldBeNull();
    }

    [Fact]
    public void An_attempt_that_never_ends_counts_until_the_window_is_over()
    {
        while (_guard.Admit(Client) is not null)
        {
        }

        _time.Advance(LoginGuard.Window + TimeSpan.FromSeconds(1));

        _guard.Admit(Client).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Nobody_suffers_from_the_failures_of_another_address()
    {
        FailOften(Client);

        _guard.Admit(IPAddress.Parse("192.0.2.2")).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void All_addresses_of_an_IPv6_subnet_are_one_client()
    {
        for (var i = 0; i < LoginGuard.MaxFailures; i++)
        {
            Fail(IPAddress.Parse($"2001:db8::{i}"));
        }

        _guard.Admit(IPAddress.Parse("2001:db8::ffff:1")).ShouldBeNull();
        _guard.Admit(IPAddress.Parse("2001:db8:0:1::1")).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_hundred_thousand_addresses_take_no_more_memory_than_ten_thousand()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _guard.Admit(new IPAddress(0x0A000000L + i)).ShouldBe(TimeSpan.Zero);
        }

        _guard.Count.ShouldBeLessThanOrEqualTo(10_000);
    }

    private TimeSpan? Fail(IPAddress client)
    {
        var delay = _guard.Admit(client);
        _guard.Failed(client);
        return delay;
    }

    private void FailOften(IPAddress client)
    {
        for (var i = 0; i < LoginGuard.MaxFailures; i++)
        {
            Fail(client).ShouldNotBeNull();
        }
    }
}
