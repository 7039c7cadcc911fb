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
        var delays = Enumerable.Range(0, LoginGuard.MaxFailures).Select(_ => Fail("alice")!.Value.TotalSeconds);

        delays.ShouldBe([0, 1, 2, 4, 8, 8, 8, 8, 8, 8]);
    }

    [Fact]
    public void After_too_many_failures_nothing_is_looked_at_until_the_window_is_over()
    {
        FailOften("alice");
        Admit("alice").ShouldBeNull();
        _time.Advance(LoginGuard.Window - TimeSpan.FromSeconds(1));
        Admit("ALICE").ShouldBeNull();

        _time.Advance(TimeSpan.FromSeconds(2));

        Admit("alice").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void One_wrong_password_behind_a_shared_address_neither_locks_out_nor_delays_anybody_else_there()
    {
        FailOften("alice");
        for (var i = 0; i < 1_000; i++)
        {
            Admit("alice").ShouldBeNull();
        }

        Admit("bob").ShouldBe(TimeSpan.Zero);
        _guard.Succeeded(Client, "bob");

        Admit("alice").ShouldBeNull();
    }

    [Fact]
    public void Who_tries_many_users_fails_too_often_for_the_address()
    {
        var tried = 0;
        while (Admit($"user{tried}") is not null)
        {
            _guard.Failed(Client, $"user{tried++}");
        }

        tried.ShouldBe(LoginGuard.MaxFailuresOfAddress);
        Admit("bob").ShouldBeNull();
        Admit("bob", IPAddress.Parse("192.0.2.2")).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void An_account_of_ones_own_forgives_what_was_guessed_at_nobody_elses()
    {
        for (var i = 0; i < 200; i++)
        {
            if (Admit("victim") is not null)
            {
                _guard.Failed(Client, "victim");
            }

            Admit("attacker").ShouldBe(TimeSpan.Zero);
            _guard.Succeeded(Client, "attacker");
        }

        Admit("victim").ShouldBeNull();
    }

    [Fact]
    public void Who_knows_the_password_begins_anew()
    {
        Fail("alice");
        Fail("alice");
        Admit("alice");

        _guard.Succeeded(Client, "alice");

        Admit("alice").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Connections_that_log_in_side_by_side_all_get_in_without_delay()
    {
        var attempts = Enumerable.Range(0, 50).Select(_ => _guard.AdmitAsync(Client, "shop").AsTask()).ToList();
        attempts.Count(attempt => attempt.IsCompleted).ShouldBe(LoginGuard.MaxFailures);

        await foreach (var attempt in Task.WhenEach(attempts))
        {
            (await attempt).ShouldBe(TimeSpan.Zero);
            _guard.Succeeded(Client, "shop");
        }

        _guard.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Guessing_side_by_side_brings_no_guess_more()
    {
        var attempts = Enumerable.Range(0, 1000).Select(_ => _guard.AdmitAsync(Client, "alice").AsTask()).ToList();
        for (var i = 0; i < LoginGuard.MaxFailures; i++)
        {
            _guard.Failed(Client, "alice");
        }

        var answers = await Eventually.EndsAsync(Task.WhenAll(attempts));

        answers.Count(answer => answer is not null).ShouldBe(LoginGuard.MaxFailures);
    }

    [Fact]
    public async Task Guessing_at_many_side_by_side_brings_no_guess_more_either()
    {
        var attempts = Enumerable.Range(0, 1000).Select(i => _guard.AdmitAsync(Client, $"user{i}").AsTask()).ToList();
        for (var i = 0; i < LoginGuard.MaxFailuresOfAddress; i++)
        {
            _guard.Failed(Client, $"user{i}");
        }

        var answers = await Eventually.EndsAsync(Task.WhenAll(attempts));

        answers.Count(answer => answer is not null).ShouldBe(LoginGuard.MaxFailuresOfAddress);
    }

    [Fact]
    public void Attempts_that_are_abandoned_lock_nobody_out_and_wipe_no_failure_away()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Admit("alice").ShouldBe(TimeSpan.Zero);
            _guard.Abandoned(Client, "alice");
        }

        _guard.Count.ShouldBe(0);
        FailOften("alice");
        _guard.Abandoned(Client, "alice");

        Admit("alice").ShouldBeNull();
    }

    [Fact]
    public async Task Who_waits_behind_attempts_that_do_not_end_is_refused_in_the_end()
    {
        for (var i = 0; i < LoginGuard.MaxFailures; i++)
        {
            Admit("alice").ShouldBe(TimeSpan.Zero);
        }

        var waiting = _guard.AdmitAsync(Client, "alice").AsTask();
        await _time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1));

        (await waiting).ShouldBeNull();
    }

    [Fact]
    public void Nobody_suffers_from_the_failures_of_another_address()
    {
        FailOften("alice");

        Admit("alice", IPAddress.Parse("192.0.2.2")).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void All_addresses_of_an_IPv6_subnet_are_one_client()
    {
        for (var i = 0; i < LoginGuard.MaxFailures; i++)
        {
            Fail("alice", IPAddress.Parse($"2001:db8::{i}"));
        }

        Admit("alice", IPAddress.Parse("2001:db8::ffff:1")).ShouldBeNull();
        Admit("alice", IPAddress.Parse("2001:db8:0:1::1")).ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void A_hundred_thousand_names_or_addresses_take_no_more_memory_than_twenty_thousand(int usersEach)
    {
        for (var i = 0; i < 100_000; i++)
        {
            Admit($"user{i % usersEach}", new IPAddress(0x0A000000L + (i / usersEach))).ShouldBe(TimeSpan.Zero);
            _guard.Failed(new IPAddress(0x0A000000L + (i / usersEach)), $"user{i % usersEach}");
        }

        _guard.Count.ShouldBeLessThanOrEqualTo(20_000);
    }

    private TimeSpan? Admit(string user, IPAddress? client = null)
    {
        var admission = _guard.AdmitAsync(client ?? Client, user).AsTask();
        admission.IsCompleted.ShouldBeTrue();
        return admission.GetAwaiter().GetResult();
    }

    private TimeSpan? Fail(string user, IPAddress? client = null)
    {
        var delay = Admit(user, client);
        _guard.Failed(client ?? Client, user);
        return delay;
    }

    private void FailOften(string user)
    {
        for (var i = 0; i < LoginGuard.MaxFailures; i++)
        {
            Fail(user).ShouldNotBeNull();
        }
    }
}
