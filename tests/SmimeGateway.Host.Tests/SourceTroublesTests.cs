using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests;

public sealed class SourceTroublesTests
{
    private static readonly SourceProblem Broken = new("staff", "/keys/alice.pem", "it is not whole", "Copy it again");

    private readonly ManualTimeProvider _time = new();
    private readonly CollectingLog _log = new();

    [Fact]
    public void A_look_that_breaks_is_told_and_the_next_one_tells_what_it_finds()
    {
        var looks = 0;
        using var troubles = new SourceTroubles(
            () => ++looks == 2 ? throw new InvalidOperationException("broken ground") : looks > 2 ? [("Own certificates", Broken)] : [],
            _time,
            _log);

        _time.Advance(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));

        _log.Lines.Count.ShouldBe(2);
        _log.Lines[0].ShouldContain("could not be looked at");
        _log.Lines[1].ShouldEndWith(
            "staff: /keys/alice.pem: it is not whole. Copy it again. Until it can be read, the sender of mail that needs a certificate and finds none elsewhere is told to try again later (451 4.4.3)");
        _log.Lines.SelectMany(SentenceFlaws.In).ShouldBeEmpty();
    }

    private sealed class CollectingLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Add(formatter(state, exception));
    }
}
