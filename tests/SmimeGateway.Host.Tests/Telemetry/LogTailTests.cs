using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Tests.Telemetry;

public sealed class LogTailTests : IDisposable
{
    private readonly LogTail _tail = new(new MessageTemplateTextFormatter("{Level:u3} {Message:l}{NewLine}{Exception}"));
    private readonly Logger _log;

    public LogTailTests() => _log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_tail).CreateLogger();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task The_last_lines_come_first_and_without_their_line_ends()
    {
        for (var number = 0; number < 5; number++)
        {
            _log.Information("line {Number}", number);
        }

        (await ReadAsync(LogEventLevel.Debug, recent: 2)).ShouldBe(["INF line 3", "INF line 4"]);
    }

    [Fact]
    public async Task Only_the_newest_lines_are_kept()
    {
        for (var number = 0; number <= LogTail.Kept; number++)
        {
            _log.Information("line {Number}", number);
        }

        var lines = await ReadAsync(LogEventLevel.Debug, recent: int.MaxValue);

        lines.Count.ShouldBe(LogTail.Kept);
        lines[0].ShouldBe("INF line 1");
    }

    [Fact]
    public async Task Less_severe_lines_than_asked_for_do_not_count()
    {
        _log.Warning("first");
        _log.Information("second");
        _log.Error("third");
        _log.Debug("fourth");

        (await ReadAsync(LogEventLevel.Warning, recent: 2)).ShouldBe(["WRN first", "ERR third"]);
    }

    [Fact]
    public async Task Who_follows_gets_the_lines_to_come_of_the_level_asked_for()
    {
        _log.Information("before");
        using var reader = _tail.TryOpen(LogEventLevel.Information, 10, follows: true)!;
        _log.Debug("not this");
        _log.Information("after");

        (await TakeAsync(reader, 2)).ShouldBe(["INF before", "INF after"]);
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_lines_and_is_told_how_many()
    {
        using var reader = _tail.TryOpen(LogEventLevel.Debug, 0, follows: true)!;
        for (var number = 0; number < 1100; number++)
        {
            _log.Information("line {Number}", number);
        }

        var lines = await TakeAsync(reader, 1001);

        lines[0].ShouldContain("100 lines are missing");
        lines[1].ShouldBe("INF line 100");
        lines[^1].ShouldBe("INF line 1099");
    }

    [Fact]
    public async Task An_endless_line_is_cut()
    {
        _log.Information("{Text:l}", new string('x', 100_000));

        (await ReadAsync(LogEventLevel.Debug, recent: 1))[0].Length.ShouldBeLessThan(10_000);
    }

    [Fact]
    public void A_place_is_free_again_once_its_reader_has_left()
    {
        var readers = Enumerable.Range(0, 16).Select(_ => _tail.TryOpen(LogEventLevel.Debug, 0, follows: true)).ToList();
        readers.ShouldAllBe(reader => reader != null);
        _tail.TryOpen(LogEventLevel.Debug, 0, follows: true).ShouldBeNull();

        readers[0]!.Dispose();

        _tail.TryOpen(LogEventLevel.Debug, 0, follows: true).ShouldNotBeNull();
    }

    private async Task<List<string>> ReadAsync(LogEventLevel least, int recent)
    {
        using var reader = _tail.TryOpen(least, recent, follows: false)!;
        return await TakeAsync(reader, int.MaxValue);
    }

    private static async Task<List<string>> TakeAsync(LogReader reader, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var lines = new List<string>();
        await foreach (var line in reader.ReadAsync(deadline.Token))
        {
            lines.Add(line.Text);
            if (lines.Count == count)
            {
                break;
            }
        }

        return lines;
    }
}
