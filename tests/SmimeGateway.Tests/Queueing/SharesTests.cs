using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>The recipients of one message that go different ways: what becomes of each is kept, and a start goes on where they are.</summary>
public sealed class SharesTests : IAsyncDisposable
{
    private readonly QueueBed _bed = new();
    private IReadOnlyList<IRouteQueue> _routes = [];

    public SharesTests() => Divide();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact]
    public async Task Results_of_two_routes_that_come_at_the_same_time_are_both_kept()
    {
        await _bed.Queue.AddAsync(Mail.To("x", "a@r0.example", "b@r1.example", "c@r2.example"));
        var (one, two) = (await TakeAsync(0), await TakeAsync(1));
        using var isWriting = new ManualResetEventSlim();
        using var mayWrite = new ManualResetEventSlim();
        _bed.Disk.Trouble = (_, call) =>
        {
            if (call == DiskCall.Write)
            {
                isWriting.Set();
                mayWrite.Wait();
            }

            return null;
        };

        // The second comes while the first is on its way to the disk, so that nobody knows of it yet.
        var first = Task.Run(() => RecordAsync(one, Mail.Delivered));
        await Eventually.TrueAsync(() => isWriting.IsSet);
        var second = RecordAsync(two, Mail.Delivered);
        mayWrite.Set();
        await Eventually.EndsAsync(Task.WhenAll(first, second));
        _bed.Disk.Trouble = static (_, _) => null;

        await RestartAsync();
        (await LeftAsync()).ShouldBe(["c@r2.example"]);
    }

    // The pauses of three routes in minutes, in the order of their records, and after how many minutes of a restart the first is due; "-" waits still.
    [Theory]
    [InlineData("5 30 60", 5)]
    [InlineData("60 30 5", 5)]
    [InlineData("30 5 60", 5)]
    [InlineData("60 60 60", 60)]
    [InlineData("60 30 -", 0)]
    public async Task After_a_restart_the_message_is_due_when_the_first_of_its_routes_would_have_been(string pauses, int due)
    {
        await _bed.Queue.AddAsync(Mail.To("x", "a@r0.example", "b@r1.example", "c@r2.example"));
        foreach (var (pause, route) in pauses.Split(' ').Select((pause, route) => (pause, route)).Where(each => each.pause != "-"))
        {
            await RecordAsync(await TakeAsync(route), Mail.Delayed, TimeSpan.FromMinutes(int.Parse(pause, null)));
        }

        await RestartAsync();
        Task<QueuedMessage>[] taking = [.. _routes.Take(3).Select(route => route.TakeAsync(CancellationToken.None).AsTask())];
        for (var minute = 0; minute < due; minute++)
        {
            taking.ShouldAllBe(task => !task.IsCompleted, $"minute {minute}");
            _bed.Time.Advance(TimeSpan.FromMinutes(1));
        }

        _bed.Time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => taking.Any(task => task.IsCompleted));
    }

    [Fact]
    public async Task A_permission_to_ask_that_nobody_used_ends_with_the_rest_it_was_given_in()
    {
        _routes[0].Rest();
        _routes[0].AdmitOne();
        _routes[0].GoOn();
        _routes[0].Rest();
        await _bed.Queue.AddAsync(Mail.To("x", "a@r0.example"));

        var taking = _routes[0].TakeAsync(CancellationToken.None).AsTask();

        taking.IsCompleted.ShouldBeFalse();
        _routes[0].GoOn();
        (await Eventually.EndsAsync(taking)).Text().ShouldBe("x");
    }

    [Fact]
    public async Task Mail_whose_route_cannot_be_found_because_the_disk_does_not_give_it_is_not_lost()
    {
        await _bed.Queue.AddAsync(Mail.To("x", "a@r0.example"));
        await _bed.RestartAsync();
        _bed.Disk.Trouble = static (_, call) => call == DiskCall.Read ? "I/O error" : null;
        Divide();
        var taking = _routes[0].TakeAsync(CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => _bed.Log.Text.Contains("cannot be read", StringComparison.Ordinal));
        _bed.Queue.Summarize().Messages.ShouldBe(1);

        _bed.Disk.Trouble = static (_, _) => null;
        await _bed.Time.AdvanceUntilAsync(taking, TimeSpan.FromMinutes(1));

        (await taking).Text().ShouldBe("x");
    }

    private void Divide() => _routes = _bed.Queue.Divide(new QueueDivision(
        [.. Enumerable.Repeat(new QueueRouteTerms(TimeSpan.Zero, 100), 3)], path => path.Address[^9] - '0', wait => wait.Age >= TimeSpan.FromDays(5)));

    private async Task RestartAsync()
    {
        await _bed.RestartAsync();
        Divide();
    }

    private Task<QueuedMessage> TakeAsync(int route) => Eventually.EndsAsync(_routes[route].TakeAsync(CancellationToken.None).AsTask());

    private async Task<IEnumerable<string>> LeftAsync() =>
        (await _bed.Queue.ListAsync(new QueueFilter(), 10, CancellationToken.None)).SelectMany(message => message.Recipients).Select(pending => pending.Recipient.Path.Address);

    private async Task RecordAsync(QueuedMessage message, DeliveryStatus status, TimeSpan pause = default) =>
        await _bed.Queue.RecordAsync(message, Mail.All(message, status) with { NextAttempt = _bed.Time.GetUtcNow() + pause }, CancellationToken.None);
}
