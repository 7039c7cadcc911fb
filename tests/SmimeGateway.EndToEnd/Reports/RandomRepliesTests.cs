using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Reports;

/// <summary>Messages to a hundred recipients each, and a next hop that answers each of them as the dice fall.</summary>
public sealed class RandomRepliesTests
{
    private const int MessagesSent = 5;
    private const int RecipientsEach = 100;

    [Fact]
    public async Task Every_recipient_ends_in_the_right_state_and_the_reports_say_exactly_that()
    {
        var dice = new ReplyDice(seed: 20261121);
        await using var nextHop = new CollectingNextHop { ReplyToRecipient = dice.ReplyToRecipient, ReplyToDot = dice.ReplyToDot };
        using var home = new GatewayHome();
        home.Configure(Members.Join(
            Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.Relay(nextHop.Port), Members.SignAll()));
        await using var gateway = await GatewayProcess.StartAsync(home);

        await Parallel.ForAsync(0, MessagesSent, async (message, _) =>
        {
            await using var dialog = await gateway.DialogAsync();
            var recipients = Enumerable.Range(0, RecipientsEach).Select(number => $"m{message}r{number}@example.net");
            var reply = await dialog.SendAsync("alice@example.com", recipients, Lines.Message("alice@example.com", subject: $"message {message}"));
            reply.Code.ShouldBe(250, reply.Text);
        });
        await Eventually.TrueAsync(() => dice.Ended.Count == MessagesSent * RecipientsEach, TimeSpan.FromSeconds(60));
        await QueueSight.EmptiesAsync(home);

        dice.AskedAfterTheirEnd.ShouldBeEmpty("whoever was delivered or refused is never tried again");
        var delivered = dice.Ended.Where(end => end.Value.Length == 0).Select(end => end.Key).ToList();
        nextHop.Messages.Where(message => message.From.Length > 0).SelectMany(message => message.Recipients)
            .ShouldBe(delivered, ignoreOrder: true, "everybody got what was delivered to them, once");
        var refused = dice.Ended.Where(end => end.Value.Length > 0)
            .Select(end => new ReportedStatus(end.Key, "failed", end.Value.Split(' ')[1], end.Value));
        delivered.Count.ShouldBeInRange(50, 450, "the dice fall on both sides");
        nextHop.Messages.SelectMany(ReportedStatus.ReadAll)
            .ShouldBe(refused, ignoreOrder: true, "the reports name exactly the refused, with their replies");
        nextHop.Messages.Where(message => message.From.Length == 0).ShouldAllBe(message => message.Recipients.Single() == "alice@example.com");
    }

    /// <summary>Answers at random, and keeps the truth about each recipient.</summary>
    private sealed class ReplyDice(int seed)
    {
        // From then on nothing is put off any more, so that the story ends within seconds.
        private const int MostAttempts = 4;

        private readonly Lock _gate = new();
        private readonly Random _random = new(seed);
        private readonly Dictionary<string, int> _asked = [];
        private readonly Dictionary<string, string> _ended = [];
        private readonly List<string> _askedAfterTheirEnd = [];

        /// <summary>The refusal that ended each recipient; empty for one that was delivered.</summary>
        public Dictionary<string, string> Ended
        {
            get
            {
                lock (_gate)
                {
                    return new Dictionary<string, string>(_ended);
                }
            }
        }

        public IReadOnlyList<string> AskedAfterTheirEnd
        {
            get
            {
                lock (_gate)
                {
                    return [.. _askedAfterTheirEnd];
                }
            }
        }

        public string ReplyToRecipient(string address)
        {
            lock (_gate)
            {
                if (address == "alice@example.com")
                {
                    return "250 2.1.5 she takes reports";
                }

                if (_ended.ContainsKey(address))
                {
                    _askedAfterTheirEnd.Add(address);
                }

                var attempts = _asked[address] = _asked.GetValueOrDefault(address) + 1;
                switch (_random.Next(3))
                {
                    case 0 when attempts < MostAttempts:
                        return $"450 4.2.1 later {_random.Next(1000)}";
                    case 1:
                        return _ended[address] = $"550 5.1.{_random.Next(1, 8)} never {_random.Next(1000)}";
                    default:
                        return "250 2.1.5 fine";
                }
            }
        }

        public string ReplyToDot(CollectedMessage message)
        {
            lock (_gate)
            {
                var attempts = message.Recipients.Max(address => _asked.GetValueOrDefault(address));
                var reply = message.From.Length == 0 ? "250 2.0.0 taken" : _random.Next(4) switch
                {
                    0 or 1 when attempts < MostAttempts => "451 4.3.0 later",
                    2 => $"554 5.6.{_random.Next(1, 8)} never {_random.Next(1000)}",
                    _ => "250 2.0.0 taken",
                };
                if (message.From.Length > 0 && !reply.StartsWith('4'))
                {
                    foreach (var address in message.Recipients)
                    {
                        _ended[address] = reply.StartsWith('2') ? string.Empty : reply;
                    }
                }

                return reply;
            }
        }
    }
}
