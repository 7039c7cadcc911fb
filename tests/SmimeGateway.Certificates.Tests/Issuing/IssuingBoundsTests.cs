using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Issuing;

/// <summary>No client fills the disk, or takes the processors, by inventing addresses.</summary>
public sealed class IssuingBoundsTests : IDisposable
{
    private static readonly AuthorityOptions Bounded = new() { LeafKey = AuthorityKey.EcP256, MaxPerClientAndHour = 3, MaxMailboxes = 5 };

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_client_has_so_many_mailboxes_an_hour_and_what_exists_goes_on_working()
    {
        await using var authority = Open(Bounded);
        for (var i = 0; i < 3; i++)
        {
            (await authority.FindAsync($"new{i}@example.com", "10.0.0.1", default)).Count.ShouldBe(1);
        }

        (await Should.ThrowAsync<SourceUnreachableException>(async () => await authority.FindAsync("new3@example.com", "10.0.0.1", default)))
            .Message.ShouldBe("no certificate is issued for new3@example.com now: 10.0.0.1 had certificates issued for 3 new mailboxes within an hour, and may have no more");
        (await authority.FindAsync("new0@example.com", "10.0.0.1", default)).Count.ShouldBe(1);
        (await authority.FindAsync("new3@example.com", "10.0.0.2", default)).Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromHours(1));
        (await authority.FindAsync("new4@example.com", "10.0.0.1", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task All_clients_together_have_a_bound_that_a_restart_does_not_lift()
    {
        await using (var first = Open(Bounded))
        {
            for (var i = 0; i < 5; i++)
            {
                await first.FindAsync($"new{i}@example.com", $"10.0.0.{i}", default);
            }
        }

        await using var second = Open(Bounded);

        (await Should.ThrowAsync<SourceUnreachableException>(async () => await second.FindAsync("new5@example.com", "10.0.0.9", default)))
            .Message.ShouldContain("issues for 5 at most");
        Directory.GetFiles(_folder["ca/issued"]).Length.ShouldBe(5);
        (await second.FindAsync("new4@example.com", "10.0.0.9", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_hundred_thousand_inventions_at_once_make_no_more_than_the_bound()
    {
        await using var authority = Open(Bounded);

        var refused = 0;
        await Parallel.ForAsync(0, 100_000, async (i, cancel) =>
        {
            try
            {
                await authority.FindAsync($"invented{i}@example.com", "10.0.0.1", cancel);
            }
            catch (SourceUnreachableException)
            {
                Interlocked.Increment(ref refused);
            }
        });

        refused.ShouldBe(99_997);
        Directory.GetFiles(_folder["ca/issued"]).Length.ShouldBe(3);
    }

    [Fact]
    public async Task What_one_client_is_refused_another_who_asks_at_the_same_time_is_not()
    {
        await using var authority = Open(new AuthorityOptions { LeafKey = AuthorityKey.EcP256, MaxPerClientAndHour = 1 });
        await authority.FindAsync("first@example.com", "10.0.0.1", default);

        for (var i = 0; i < 100; i++)
        {
            var refused = authority.FindAsync($"new{i}@example.com", "10.0.0.1", default).AsTask();
            var allowed = authority.FindAsync($"new{i}@example.com", $"10.0.1.{i}", default).AsTask();

            (await allowed).Count.ShouldBe(1);
            await Task.WhenAny(refused);
        }
    }

    [Fact]
    public async Task Renewals_do_not_count()
    {
        await using var authority = Open(Bounded with { LeafLifetime = TimeSpan.FromDays(100) });
        for (var i = 0; i < 3; i++)
        {
            await authority.FindAsync($"new{i}@example.com", "10.0.0.1", default);
        }

        _time.Advance(TimeSpan.FromDays(50));
        for (var i = 0; i < 3; i++)
        {
            (await authority.FindAsync($"new{i}@example.com", "10.0.0.1", default)).Count.ShouldBe(2);
        }

        (await authority.FindAsync("new3@example.com", "10.0.0.1", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stored_certificate_that_cannot_be_read_is_not_replaced_by_another()
    {
        await using (var first = Open(Bounded))
        {
            await first.FindAsync("alice@example.com", default);
        }

        File.Delete(_folder["ca/issued/alice@example.com-1.pem"]);
        File.CreateSymbolicLink(_folder["ca/issued/alice@example.com-1.pem"], "/proc/self/mem");
        await using var second = Open(Bounded);

        (await Should.ThrowAsync<SourceUnreachableException>(async () => await second.FindAsync("alice@example.com", default)))
            .Message.ShouldContain("alice@example.com-1.pem");
        (await second.FindAsync("bob@example.com", default)).Count.ShouldBe(1);
        second.Problems.ShouldHaveSingleItem().Conceals.ShouldBeFalse();
        Directory.GetFiles(_folder["ca/issued"]).Length.ShouldBe(2);
    }

    private BuiltInAuthority Open(AuthorityOptions options) => BuiltInAuthority.Open("local", _folder["ca"], _ => true, options, _time);
}
