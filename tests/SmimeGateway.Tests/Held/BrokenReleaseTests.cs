using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

public sealed class BrokenReleaseTests : IAsyncDisposable
{
    private static readonly Dictionary<string, Exception> Breakages = new Exception[]
    {
        new InvalidOperationException("a bug"), new NotSupportedException("an encoding"), new IOException("a disk"), new UnauthorizedAccessException("a right"),
        new CryptographicException("a key"), new OperationCanceledException("a timer of its own"), new TimeoutException("a wait"), new AggregateException(new FormatException()),
    }.ToDictionary(exception => exception.GetType().Name);

    private readonly RememberingQueue _queue = new();
    private readonly HeldBed _bed;

    public BrokenReleaseTests()
    {
        _bed = new HeldBed(_queue);
        _queue.Aging = message => message with { Age = message.Age + TimeSpan.FromHours(6) };
    }

    public static TheoryData<string, string> Places
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var breakage in Breakages.Keys)
            {
                data.Add(breakage, "key");
                data.Add(breakage, "source");
                data.Add(breakage, "rules");
            }

            return data;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _bed.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Whatever_breaks_a_release_its_attempts_count_the_log_tells_and_the_sender_hears_in_the_end(string breakage, string place)
    {
        var exception = Breakages[breakage];
        _bed.Key = place == "key" ? () => throw exception : null;
        _bed.Source = place == "source" ? _ => Task.FromException(exception) : null;
        _bed.Rules = place == "rules" ? _ => throw exception : null;
        _queue.Add(_bed.Held.Queued("bob@example.net"));

        _bed.Start();
        await Eventually.TrueAsync(() =>
        {
            _bed.Time.Advance(TimeSpan.FromSeconds(1));
            return _queue.IsEmpty;
        });

        _queue.Records.Select(record => record.Message.Attempts).ShouldBe(Enumerable.Range(0, _queue.Records.Count));
        _queue.Records.SkipLast(1).ShouldAllBe(record => record.Attempt.Recipients.Single().Status.Action == DeliveryAction.Delayed);
        var end = _queue.Records.Last().Attempt;
        end.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Failed);
        _queue.Records.Count.ShouldBeInRange(20, 22);
        _queue.Reports.Count.ShouldBe(2, "a warning, and the end");
        Encoding.UTF8.GetString(_queue.Reports.Last().Content.Span).ShouldContain("Action: failed");
        _bed.Relayed.ShouldBeEmpty();

        // Twice for each attempt where it broke: what broke, and what becomes of the recipient.
        _bed.LoopLog.Lines.Concat(_bed.Log).Count(line => !line.StartsWith("Debug", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(_queue.Records.Count);
    }
}
