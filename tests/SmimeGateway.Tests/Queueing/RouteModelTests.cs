using FsCheck;
using FsCheck.Fluent;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>
/// Whatever happens to routes and messages in whatever order, each recipient is handed out behind its own route and to one worker at a
/// time, ends once, and is never handed out again.
/// </summary>
public sealed class RouteModelTests
{
    private const int Routes = 3;

    [Fact]
    public void Each_recipient_ends_once_whatever_becomes_of_routes_workers_and_the_process()
    {
        var steps = Gen.Choose(0, 9999).ListOf().Select(static steps => steps.ToArray());
        var property = Prop.ForAll(Arb.From(steps), static steps => PlayAsync(steps).GetAwaiter().GetResult());

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(120), property);
    }

    private static async Task<bool> PlayAsync(int[] steps)
    {
        await using var play = new Play();
        foreach (var step in steps)
        {
            await play.StepAsync(step % 12, step / 12);
        }

        return await play.EndAsync();
    }

    private sealed class Play : IAsyncDisposable
    {
        private readonly QueueBed _bed = new(static options => options with { CacheBytes = 3_000 });
        private readonly HashSet<string> _pending = [];
        private readonly List<(int Route, QueuedMessage Message)> _taken = [];
        private IReadOnlyList<IRouteQueue> _queues;
        private int _turn;
        private int _number;

        public Play() => _queues = Divide();

        public ValueTask DisposeAsync() => _bed.DisposeAsync();

        public async Task StepAsync(int action, int detail)
        {
            switch (action)
            {
                case 0 or 1 or 2:
                    await AddAsync(detail);
                    break;
                case 3 or 4 or 5:
                    await TakeAsync(detail % Routes);
                    break;
                case 6 or 7:
                    await RecordAsync(detail);
                    break;
                case 8:
                    if (_taken.Count > 0)
                    {
                        var (_, message) = _taken[detail % _taken.Count];
                        _taken.RemoveAt(detail % _taken.Count);
                        _bed.Queue.PutBack(message);
                    }

                    break;
                case 9:
                    _turn++;
                    _queues = Divide();
                    break;
                case 10:
                    await ControlAsync(detail);
                    break;
                default:
                    _taken.Clear();
                    await _bed.RestartAsync();
                    _queues = Divide();
                    break;
            }
        }

        /// <summary>Delivers all that is left.</summary>
        public async Task<bool> EndAsync()
        {
            _taken.ForEach(taken => _bed.Queue.PutBack(taken.Message));
            _taken.Clear();
            await _bed.Queue.ReleaseAsync(new QueueFilter(), CancellationToken.None);
            foreach (var queue in _queues)
            {
                queue.GoOn();
            }

            while (_pending.Count > 0)
            {
                var before = _pending.Count;
                await Eventually.TrueAsync(async () =>
                {
                    _bed.Time.Advance(TimeSpan.FromMinutes(10));
                    for (var route = 0; route < Routes; route++)
                    {
                        await TakeAsync(route);
                    }

                    return _taken.Count > 0;
                });
                while (_taken.Count > 0)
                {
                    await RecordAsync(detail: 0);
                }

                _pending.Count.ShouldBeLessThan(before);
            }

            var left = _bed.Queue.Summarize();
            (left.Messages, left.Recipients, left.Active, left.Deferred, left.Held).ShouldBe((0, 0, 0, 0, 0));
            _queues.Sum(queue => queue.Look().Waiting).ShouldBe(0);
            return true;
        }

        private async Task AddAsync(int detail)
        {
            var recipients = Enumerable.Range(0, 1 + (detail % 7 == 0 ? 230 : detail % 4)).Select(_ => $"r{_number++}@d{_number * 7 % 5}.example").ToArray();
            await _bed.Queue.AddAsync(Mail.To(new string('x', detail % 900), recipients));
            _pending.UnionWith(recipients);
        }

        private async Task TakeAsync(int route)
        {
            _bed.Time.Advance(TimeSpan.FromSeconds(40));
            using var impatience = new CancellationTokenSource();
            var taking = _queues[route].TakeAsync(impatience.Token).AsTask();
            if (!taking.IsCompleted)
            {
                await impatience.CancelAsync();
            }

            try
            {
                var message = await taking;
                foreach (var address in AddressesOf(message))
                {
                    RouteOf(address, _turn).ShouldBe(route);
                    _pending.ShouldContain(address, "it has ended");
                    _taken.SelectMany(taken => AddressesOf(taken.Message)).ShouldNotContain(address, "a worker has it");
                }

                message.Envelope.Recipients.Count.ShouldBeLessThanOrEqualTo(100);
                _taken.Add((route, message));
            }
            catch (OperationCanceledException)
            {
                // Nothing is due there.
            }
        }

        private async Task RecordAsync(int detail)
        {
            if (_taken.Count == 0)
            {
                return;
            }

            var (_, message) = _taken[detail % _taken.Count];
            _taken.RemoveAt(detail % _taken.Count);
            var place = 0;
            var progress = message.Envelope.Recipients
                .Select(recipient => new RecipientProgress(recipient, ((detail * 31) + place++) % 3 == 2 && detail != 0 ? Mail.Delayed : Mail.Delivered))
                .ToList();
            await _bed.Queue.RecordAsync(message, new AttemptRecord(progress, _bed.Time.GetUtcNow().AddSeconds(30 * (detail % 9)), []), CancellationToken.None);
            _pending.ExceptWith(progress.Where(entry => entry.Status.Action != DeliveryAction.Delayed).Select(entry => entry.Recipient.Path.Address));
        }

        private async Task ControlAsync(int detail)
        {
            switch (detail % 5)
            {
                case 0:
                    await _bed.Queue.HoldAsync(new QueueFilter { State = QueueState.Deferred }, CancellationToken.None);
                    break;
                case 1:
                    await _bed.Queue.ReleaseAsync(new QueueFilter(), CancellationToken.None);
                    break;
                case 2:
                    await _bed.Queue.RetryAsync(new QueueFilter(), CancellationToken.None);
                    break;
                case 3:
                    _queues[detail % Routes].Rest();
                    break;
                default:
                    _queues[detail % Routes].GoOn();
                    break;
            }
        }

        private static IEnumerable<string> AddressesOf(QueuedMessage message) => message.Envelope.Recipients.Select(recipient => recipient.Path.Address);

        // The domains change their routes with each turn.
        private static int RouteOf(string address, int turn) => (address[address.IndexOf('@', StringComparison.Ordinal) + 2] + turn) % Routes;

        private IReadOnlyList<IRouteQueue> Divide()
        {
            var turn = _turn;
            return _bed.Queue.Divide(new QueueDivision(
                [.. Enumerable.Repeat(new QueueRouteTerms(TimeSpan.Zero, 100), Routes)], path => RouteOf(path.Address, turn), wait => wait.Age >= TimeSpan.FromDays(5)));
        }
    }
}
