using Microsoft.Extensions.Logging;
using SmimeGateway.Host.Configuration;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests;

public sealed class FindingsWatchTests : IAsyncDisposable
{
    private static readonly CheckFinding Broken = CheckFinding.Error("listener \"internal\": /tls.pem", "The file does not exist. Put it there.");
    private static readonly CheckFinding Ending = CheckFinding.Warning("office: alice@example.com", "3 day(s) left. Replace it in time.");

    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly CollectingLog _log = new();
    private readonly FindingsWatch _watch;
    private Func<CheckFinding[]> _find = () => [];
    private volatile Func<CheckFinding[]> _known = () => [];

    public FindingsWatchTests() => _watch = new FindingsWatch(() => _known(), () => _find(), _time, _log);

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    [Fact]
    public async Task Who_asks_hears_what_is_so_now_errors_first_and_nothing_good()
    {
        (await _watch.ListAsync()).ShouldBeEmpty();
        _find = () => [Ending, CheckFinding.Good("queue.disk: /queue", "Can be written."), Broken, Broken];

        (await _watch.ListAsync()).ShouldBe([Broken.Sentence, Ending.Sentence]);
    }

    [Fact]
    public async Task The_log_is_told_once_again_after_a_day_and_when_it_is_mended()
    {
        _find = () => [Broken, Ending];
        await _watch.ListAsync();
        await _watch.ListAsync();
        _log.Lines.ShouldBe(["Error listener \"internal\": /tls.pem: The file does not exist. Put it there", "Warning office: alice@example.com: 3 day(s) left. Replace it in time"]);

        _time.Advance(TimeSpan.FromDays(1));
        await _watch.ListAsync();
        _log.Lines.Count.ShouldBe(4);

        _find = () => [Ending];
        await _watch.ListAsync();
        _log.Lines.Skip(4).ShouldBe(["Information listener \"internal\": /tls.pem: no longer wrong"]);
    }

    [Fact]
    public async Task A_look_that_breaks_is_told_and_the_next_one_tells_what_it_finds()
    {
        _find = () => throw new InvalidOperationException("broken ground");
        (await _watch.ListAsync()).ShouldBeEmpty();
        _find = () => [Broken];

        (await _watch.ListAsync()).ShouldBe([Broken.Sentence]);

        _log.Lines[0].ShouldContain("could not be looked at");
    }

    [Fact]
    public async Task A_look_that_hangs_keeps_nobody_from_what_is_known()
    {
        using var share = new ManualResetEventSlim();
        _find = () => [Ending];
        await _watch.ListAsync();
        _known = () => [Broken];
        _find = () =>
        {
            share.Wait();
            return [];
        };

        var asked = _watch.ListAsync();
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return asked.IsCompleted;
        });

        (await asked).ShouldBe(
            [Broken.Sentence, "the files that the configuration names: They do not answer: perhaps a share hangs. What is said of them may be old.", Ending.Sentence]);
        share.Set();
        await Eventually.TrueAsync(async () => await _watch.ListAsync() is [var only] && only == Broken.Sentence);
    }

    [Fact]
    public async Task What_cannot_be_looked_at_for_a_moment_is_as_wrong_as_it_was()
    {
        _known = () => [Broken];
        await _watch.ListAsync();
        _known = () => throw new InvalidOperationException("a reload between two reads");

        (await _watch.ListAsync()).ShouldBe([Broken.Sentence]);

        _log.Lines.ShouldNotContain(line => line.Contains("no longer wrong", StringComparison.Ordinal));
        _known = () => [];
        (await _watch.ListAsync()).ShouldBeEmpty();
        _log.Lines.Count(line => line.Contains("no longer wrong", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task What_somebody_found_earlier_is_not_told_after_what_another_found_later()
    {
        using var first = new ManualResetEventSlim();
        using var looking = new ManualResetEventSlim();
        var looks = 0;
        _find = () =>
        {
            Interlocked.Increment(ref looks);
            return [];
        };
        _known = () =>
        {
            if (!looking.IsSet)
            {
                looking.Set();
                first.Wait();
            }

            return [];
        };
        var asked = Task.Run(_watch.ListAsync);
        await Eventually.TrueAsync(() => looking.IsSet);
        var later = Task.Run(async () =>
        {
            _known = () => [Broken];
            return await _watch.ListAsync();
        });
        await Eventually.TrueAsync(() => Volatile.Read(ref looks) == 2);
        first.Set();

        await Task.WhenAll(asked, later);

        _log.Lines.ShouldBe([$"Error {Broken.Sentence.TrimEnd('.')}"]);
    }

    [Fact]
    public async Task Many_are_told_by_their_number()
    {
        _find = () => [.. Enumerable.Range(0, 23).Select(i => Ending with { Subject = $"office: {i}" })];

        (await _watch.ListAsync()).Count.ShouldBe(21);

        (await _watch.ListAsync())[20].ShouldBe("3 more like these; \"smimegateway check\" lists all.");
        _log.Lines.Count.ShouldBe(21);
        _log.Lines[20].ShouldBe("Warning 3 more like these; \"smimegateway check\" lists all");
    }

    private sealed class CollectingLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
