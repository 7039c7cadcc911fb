using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class LookoutTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly ManualResetEventSlim _answers = new(initialState: true);
    private readonly TemporaryFolder _folder = new();
    private int _looks;
    private int _begun;
    private int _listed;

    public void Dispose()
    {
        _answers.Set();
        _answers.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_asks_gets_a_look_that_began_after_he_asked()
    {
        using var inside = new SemaphoreSlim(0);
        await using var lookout = new Lookout(
            () =>
            {
                inside.Release();
                _answers.Wait();
                _looks++;
            },
            _time);
        _answers.Reset();
        var first = Task.Run(lookout.Look);
        await inside.WaitAsync();

        Task<bool>[] others = [.. Enumerable.Range(0, 5).Select(_ => Task.Run(lookout.Look))];
        others.ShouldAllBe(other => !other.IsCompleted);
        _answers.Set();

        (await first).ShouldBeTrue();
        (await Task.WhenAll(others)).ShouldAllBe(ended => ended);
        _looks.ShouldBeInRange(2, 6);
    }

    [Fact]
    public async Task A_look_that_a_file_keeps_waiting_keeps_nobody_else_and_its_end_is_noticed()
    {
        var told = 0;
        await using var lookout = new Lookout(HangingLook, _time, patience: Short, stuck: () => told++);
        _answers.Reset();

        (await Impatient(lookout.Look)).ShouldBeFalse();
        lookout.Look().ShouldBeFalse();
        told.ShouldBe(1);
        _answers.Set();
        await Eventually.TrueAsync(lookout.Look);

        told.ShouldBe(1);
    }

    [Fact]
    public async Task Many_files_may_take_their_time_as_long_as_one_after_the_other_answers()
    {
        var told = 0;
        using var never = new ManualResetEventSlim();
        Lookout? lookout = null;
        lookout = new Lookout(
            () =>
            {
                for (var file = 0; file < 20; file++)
                {
                    lookout!.Move();
                    _time.Advance(Short / 2);
                    never.Wait(Short / 2);
                }
            },
            _time,
            patience: Short,
            stuck: () => told++);

        lookout.Look().ShouldBeTrue();

        told.ShouldBe(0);
        await lookout.DisposeAsync();
    }

    [Fact]
    public async Task What_a_look_throws_is_over_with_it()
    {
        await using var lookout = new Lookout(() => throw new IOException($"look {++_looks}"), _time);
        lookout.Begin();

        lookout.Look().ShouldBeTrue();
        _time.Advance(Lookout.Regularly);

        _looks.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_looked_at_after_the_end_and_the_end_waits_for_no_file_that_hangs()
    {
        var lookout = new Lookout(HangingLook, _time, patience: Short);
        _answers.Reset();
        (await Impatient(lookout.Look)).ShouldBeFalse();
        lookout.Begin();

        await Eventually.EndsAsync(lookout.DisposeAsync().AsTask());
        _answers.Set();
        _time.Advance(TimeSpan.FromMinutes(1));
        lookout.Look().ShouldBeTrue();

        _looks.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_source_whose_files_hang_is_unreadable_until_they_answer_and_then_what_they_hold()
    {
        File.WriteAllText(_folder["a.pem"], "a");
        _answers.Reset();

        var plan = new FileWatchPlan<PartnerCertificate>(
            "partners", [_folder.Path], _ => List(), (_, _) => FileReading<PartnerCertificate>.Failed(new SourceProblem("partners", "a.pem", "read", "none")));
        await using var watch = await Impatient(() => new FileWatch<PartnerCertificate>(plan, _time, Short));

        watch.Snapshot.Problems.ShouldHaveSingleItem().Reason.ShouldContain("do not answer");
        watch.Snapshot.Problems.ShouldAllBe(problem => problem.Conceals);
        var told = 0;
        watch.Changes.Add(() => told++);
        _answers.Set();
        await Eventually.TrueAsync(() => told == 1);
        watch.Snapshot.Problems.ShouldHaveSingleItem().Reason.ShouldBe("read");

        _answers.Reset();
        await Impatient(watch.LookNow);
        watch.Snapshot.Problems.Select(problem => problem.Reason).ShouldBe(["its files do not answer: perhaps a share hangs", "read"]);
        _answers.Set();
        await Eventually.TrueAsync(() => told == 2);
        watch.Snapshot.Problems.ShouldHaveSingleItem().Reason.ShouldBe("read");
    }

    [Fact]
    public async Task Roots_that_hang_are_unknown_until_they_answer_and_what_was_read_of_them_stays()
    {
        await using var watch = new TrustWatch(
            [_folder.Path],
            () =>
            {
                _answers.Wait();
                return new TrustStore([TestPki.Root], []);
            },
            _time,
            patience: Short);
        _answers.Reset();

        (await Impatient(() => watch.Current)).Roots.ShouldBeEmpty();
        watch.Current.Problems.ShouldHaveSingleItem().Reason.ShouldContain("do not answer");
        _answers.Set();
        await Eventually.TrueAsync(() => watch.Current.Problems.Count == 0);
        watch.Current.Roots.Count.ShouldBe(1);

        _answers.Reset();
        await Impatient(watch.AcceptLoss);
        watch.Current.Roots.Count.ShouldBe(1);
        watch.Current.Problems.Count.ShouldBe(1);
        _answers.Set();
        await Eventually.TrueAsync(() => watch.Current.Problems.Count == 0);
    }

    [Fact]
    public async Task A_tick_during_a_look_is_made_up_for_after_it()
    {
        await using var lookout = new Lookout(HangingLook, _time);
        lookout.Begin();
        _answers.Reset();
        var first = Task.Run(() => _time.Advance(Lookout.Regularly));
        await Eventually.TrueAsync(() => _begun == 1);

        _time.Advance(Lookout.Regularly);
        _answers.Set();
        await Eventually.EndsAsync(first);

        await Eventually.TrueAsync(() => _looks == 2);
    }

    [Fact]
    public async Task Who_is_told_of_a_look_may_take_his_time_and_no_file_is_blamed_for_it()
    {
        var stuck = 0;
        var told = 0;
        await using var lookout = new Lookout(() => _looks++, _time, patience: Short, stuck: () => stuck++, ended: () =>
        {
            _answers.Wait();
            told++;
        });
        _answers.Reset();

        (await Impatient(lookout.Look)).ShouldBeTrue();

        (stuck, told, _looks).ShouldBe((0, 0, 1));
        _answers.Set();
        lookout.Look().ShouldBeTrue();
        (stuck, told, _looks).ShouldBe((0, 2, 2));
    }

    [Fact]
    public async Task Whoever_hears_that_a_look_is_stuck_finds_what_was_said_of_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var isSaid = false;
            await using var lookout = new Lookout(HangingLook, _time, patience: Short, stuck: () =>
            {
                Thread.Yield();
                Volatile.Write(ref isSaid, true);
            });
            _answers.Reset();

            var heard = Enumerable.Range(0, 4).Select(_ => Impatient(() => lookout.Look() || Volatile.Read(ref isSaid)));

            (await Task.WhenAll(heard)).ShouldAllBe(found => found);
            _answers.Set();
            await Eventually.TrueAsync(lookout.Look);
        }
    }

    [Fact]
    public async Task What_a_look_finds_after_the_end_is_of_no_interest()
    {
        File.WriteAllText(_folder["a.pem"], "a");
        var plan = new FileWatchPlan<PartnerCertificate>(
            "partners", [_folder.Path], _ => List(), (_, _) => FileReading<PartnerCertificate>.Failed(new SourceProblem("partners", "a.pem", "read", "none")));
        _answers.Reset();
        var watch = await Impatient(() => new FileWatch<PartnerCertificate>(plan, _time, Short));
        var (told, before) = (0, watch.Snapshot);
        watch.Changes.Add(() => told++);

        await watch.DisposeAsync();
        _answers.Set();
        await Eventually.TrueAsync(() => _listed == 1);
        await Task.Delay(Short);

        watch.Snapshot.ShouldBeSameAs(before);
        told.ShouldBe(0);
    }

    [Fact]
    public async Task A_loss_that_nobody_could_see_is_not_accepted()
    {
        File.WriteAllText(_folder["a.pem"], "a");
        var plan = new FileWatchPlan<PartnerCertificate>(
            "partners", [_folder.Path], _ => File.Exists(_folder["a.pem"]) ? List() : [], (_, _) => new FileReading<PartnerCertificate>([], [], []));
        await using var watch = new FileWatch<PartnerCertificate>(plan, _time, Short);
        watch.Snapshot.Problems.ShouldBeEmpty();

        _answers.Reset();
        await Impatient(watch.AcceptLoss);
        File.Delete(_folder["a.pem"]);
        _answers.Set();
        await Eventually.TrueAsync(() => LooksEmpty(watch));
        _time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => LooksEmpty(watch));
    }

    [Fact]
    public async Task While_roots_hang_those_of_the_configuration_before_count()
    {
        var former = new TrustStore([TestPki.Public(TestPki.Root)], [TestPki.Public(TestPki.Intermediate)]);
        await using var watch = new TrustWatch(
            [_folder.Path],
            () =>
            {
                _answers.Wait();
                return new TrustStore([], []);
            },
            _time,
            patience: Short,
            former: former);
        _answers.Reset();

        var unknown = await Impatient(() => watch.Current);

        unknown.Problems.ShouldHaveSingleItem().Conceals.ShouldBeTrue();
        unknown.Judge(TestPki.Issue("alice@example.com"), [], TestPki.Now).IsTrusted.ShouldBeTrue();
        _answers.Set();
        await Eventually.TrueAsync(() => watch.Current.Problems.Count == 0);
        watch.Current.Roots.ShouldBeEmpty();
    }

    private static bool LooksEmpty(FileWatch<PartnerCertificate> watch)
    {
        watch.LookNow();
        return watch.Snapshot.Problems is [{ Reason: var reason }] && reason.Contains("it became empty", StringComparison.Ordinal);
    }

    // Lets the clock run until whoever waits for files has lost patience, or they have answered.
    private async Task<T> Impatient<T>(Func<T> look)
    {
        var ended = Task.Run(look);
        await _time.AdvanceUntilAsync(ended, Short);
        return await ended;
    }

    private Task<bool> Impatient(Action look) => Impatient(() =>
    {
        look();
        return true;
    });

    private IReadOnlyList<WatchedFile> List()
    {
        _answers.Wait();
        Interlocked.Increment(ref _listed);
        return [new WatchedFile(_folder["a.pem"], [])];
    }

    private void HangingLook()
    {
        Interlocked.Increment(ref _begun);
        _answers.Wait();
        _looks++;
    }
}
