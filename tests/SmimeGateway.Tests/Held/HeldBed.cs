using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

/// <summary>A delivery loop over messages that wait for a certificate, with rules that say what the test wants.</summary>
internal sealed class HeldBed : IAsyncDisposable
{
    private readonly QueueOptions _options = new() { GiveUpAfter = TimeSpan.FromDays(5) };
    private readonly AnsweringDelivery _delivery = new(width: 2);
    private readonly CollectingLog<HeldRelease> _log = new();
    private readonly HeldRelease _release;
    private readonly HeldMailWatch _watch;
    private readonly LoopBed _loop;
    private readonly bool _isHeldOwn;

    public HeldBed(IMessageQueue queue, ManualTimeProvider? time = null, SomeHeld? held = null)
    {
        Held = held ?? new SomeHeld();
        _isHeldOwn = held is null;
        Time = time ?? new ManualTimeProvider();
        _release = new HeldRelease(() => (Key ?? (() => Held.Key))(), PrepareAsync, Time, _log);
        _watch = new HeldMailWatch(queue, (address, _) => ValueTask.FromResult(Known.ContainsKey(address)), new CollectingLog<HeldMailWatch>());
        _loop = new LoopBed(queue, Time, _options, new HeldSteps(_release, _watch), Counters, LoopLog, ("*", _delivery));
    }

    public SomeHeld Held { get; }

    public ManualTimeProvider Time { get; }

    public GatewayCounters Counters { get; } = new();

    /// <summary>The addresses that have a certificate.</summary>
    public ConcurrentDictionary<string, bool> Known { get; } = new();

    /// <summary>What the rules make of a message that was opened; without a word from the test, one encrypted message for those who are known.</summary>
    public Func<InboundMessage, Prepared>? Rules { get; set; }

    /// <summary>A source of certificates that takes its time; null for one at hand.</summary>
    public Func<CancellationToken, Task>? Source { get; set; }

    /// <summary>Gives the key; null for the one that sealed.</summary>
    public Func<HoldKey>? Key { get; set; }

    /// <summary>What the loop says of its work.</summary>
    public CollectingLog<DeliveryLoop> LoopLog { get; } = new();

    public ConcurrentQueue<InboundMessage> Opened { get; } = new();

    /// <summary>What was said, less the details.</summary>
    public IEnumerable<string> Log => _log.Lines.Where(line => !line.StartsWith("Debug", StringComparison.Ordinal));

    /// <summary>What was handed to next hops.</summary>
    public IReadOnlyCollection<QueuedMessage> Relayed => _delivery.Attempts;

    public IEnumerable<QueuedMessage> Encrypted => Relayed.Where(message => message.Protection == Protection.Encrypted);

    public static PreparedMessage Ready(InboundMessage message, Protection protection, params IEnumerable<EnvelopeRecipient> recipients) =>
        new(new ProtectedMessage(message.Envelope with { Recipients = [.. recipients] }, "Subject: [...]\r\n\r\nMIIB\r\n"u8.ToArray(), protection), "confidential");

    public void Start() => _loop.Start();

    /// <summary>Tells that there is a certificate for these addresses now.</summary>
    public void Arrive(params string[] addresses)
    {
        foreach (var address in addresses)
        {
            Known[address] = true;
        }

        _watch.Announce();
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        _watch.Dispose();
        _release.Dispose();
        await _delivery.DisposeAsync();
        if (_isHeldOwn)
        {
            Held.Dispose();
        }
    }

    private async ValueTask<Prepared> PrepareAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        Opened.Enqueue(message);
        await (Source?.Invoke(cancellationToken) ?? Task.CompletedTask);
        return (Rules ?? EncryptToKnown)(message);
    }

    private Prepared EncryptToKnown(InboundMessage message)
    {
        var (ready, missing) = (new List<EnvelopeRecipient>(), new List<StillHeld>());
        foreach (var recipient in message.Envelope.Recipients)
        {
            if (Known.ContainsKey(recipient.Path.Address))
            {
                ready.Add(recipient);
            }
            else
            {
                missing.Add(new StillHeld(recipient, $"partners: no certificate names {recipient.Path.Address}"));
            }
        }

        return new Prepared(ready.Count == 0 ? [] : [Ready(message, Protection.Encrypted, ready)], missing);
    }
}

/// <summary>Keeps the lines that were logged.</summary>
internal sealed class CollectingLog<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel} {formatter(state, exception)}");
}
