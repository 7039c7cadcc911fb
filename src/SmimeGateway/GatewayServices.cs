using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Accepting.Users;
using SmimeGateway.Opening;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>The gateway put together: the only place that knows which part gets which other part.</summary>
public sealed class GatewayServices : IAsyncDisposable
{
    private const long MaxCache = 64 * 1024 * 1024;
    private const int CachePart = 8;

    private readonly RunningConfigurations _configurations;
    private readonly DeliveryLoop _deliveries;
    private readonly HeldRelease _release;
    private readonly HeldMailWatch _watch;
    private readonly MessagePath _path;
    private readonly Harvest _harvest;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly Intake _intake;
    private readonly Defences _defences;

    private GatewayServices(
        IMessageQueue queue, RunningConfigurations configurations, Defences defences, TimeProvider time, ILoggerFactory loggers)
    {
        Queue = queue;
        Counters = defences.Counters;
        _defences = defences;
        _configurations = configurations;
        _time = time;
        _loggers = loggers;
        _harvest = new Harvest(Counters, time, loggers.CreateLogger<Harvest>());
        _path = new MessagePath(
            () => configurations.Current,
            new Protector(time),
            queue,
            Counters,
            time,
            loggers.CreateLogger<MessagePath>(),
            _harvest);
        _intake = new Intake(_path.HandleAsync, recipient => Configuration.Routes.Find(recipient) is null ? Replies.NoRoute : null, queue.HasRoomFor);
        var preparation = new Preparation(new Protector(time), time, loggers.CreateLogger<HeldRelease>(), queue);
        _release = new HeldRelease(
            () => Configuration.HoldKey,
            (message, cancellationToken) => preparation.PrepareAsync(message, Configuration, PreparationKind.Held, cancellationToken),
            time,
            loggers.CreateLogger<HeldRelease>())
        {
            Memory = Memory,
        };
        _watch = new HeldMailWatch(
            queue,
            (address, cancellationToken) => Configuration.Partners.KnowsAsync(address, cancellationToken),
            loggers.CreateLogger<HeldMailWatch>());
        _deliveries = new DeliveryLoop(queue, () => configurations.Current.Delivery, new HeldSteps(_release, _watch), time, loggers.CreateLogger<DeliveryLoop>());

        // They hand their listeners over from one configuration to the next, and announce a reload too.
        Configuration.Partners.OnArrival(_watch.Announce);
    }

    /// <summary>The queue.</summary>
    public IMessageQueue Queue { get; }

    /// <summary>What happened since the start.</summary>
    public GatewayCounters Counters { get; }

    /// <summary>The configuration in force.</summary>
    public RunningConfiguration Configuration => _configurations.Current;

    /// <summary>The memory that messages take.</summary>
    public MemoryBudget Memory => _defences.Memory;

    /// <summary>False once deliveries have ended: when they were stopped, or by an error that nobody foresaw.</summary>
    public bool AreDeliveriesRunning => _deliveries.ExecuteTask is { IsCompleted: false };

    /// <summary>Opens everything that must be there before the first message.</summary>
    /// <exception cref="QueueUnavailableException">Another gateway holds the queue, or it was written by a newer version.</exception>
    /// <exception cref="IOException">The data folder cannot be written.</exception>
    public static async Task<GatewayServices> OpenAsync(GatewayOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);

        // The queue comes first: its lock says whether another gateway is at work on this data folder, and then nothing may be touched.
        var queue = DiskQueue.Open(
            new DiskQueueOptions(options.Queue.Disk)
            {
                MaxMessageBytes = options.Listeners.Max(listener => listener.Limits.MessageSize),
                CacheBytes = CacheOf(options.Memory),
            },
            time,
            loggers.CreateLogger<DiskQueue>());
        try
        {
            var counters = new GatewayCounters(time);
            var defences = new Defences(new MemoryBudget(options.Memory - CacheOf(options.Memory), time), new LoginGuard(time), counters, InventionKey.In(options.DataFolder));
            var configurations = new RunningConfigurations(options, counters, defences.Memory, time, loggers);
            return new GatewayServices(queue, configurations, defences, time, loggers);
        }
        catch
        {
            await queue.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the handler for the connections of one listener, which asks for its options anew at each connection.</summary>
    /// <param name="listener">The listener as it is at the start.</param>
    public ConnectionDelegate HandlerFor(ListenerOptions listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var atStart = Configuration.Listeners.Find(listener.Name) ?? throw new ArgumentException("The configuration has no such listener.", nameof(listener));
        var handler = new SmtpConnectionHandler(
            () => CurrentOf(atStart), _intake, _defences, _time, _loggers.CreateLogger<SmtpConnectionHandler>());
        return handler.OnConnectedAsync;
    }

    /// <summary>Starts delivering what is in the queue.</summary>
    public Task StartDeliveriesAsync(CancellationToken cancellationToken)
    {
        // Certificates may have come while the gateway was off.
        _watch.Announce();
        return _deliveries.StartAsync(cancellationToken);
    }

    /// <summary>Takes nothing more out of the queue, and waits for deliveries that have begun.</summary>
    public Task StopDeliveriesAsync(CancellationToken cancellationToken) => _deliveries.StopAsync(cancellationToken);

    /// <summary>Makes a new configuration current. When it cannot be built the old one stays, and the exception says why.</summary>
    public void ReplaceConfiguration(GatewayOptions options)
    {
        _configurations.Replace(options, _deliveries.Follow);
        _defences.Memory.Capacity = options.Memory - CacheOf(options.Memory);
    }

    /// <summary>Takes certificates that went away for withdrawn: the administrator asked for a reload.</summary>
    public void AcceptLoss() => _configurations.AcceptLoss();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // For who comes here without stopping them: the queue they take from is about to go.
        await _deliveries.StopAsync(new CancellationToken(canceled: true));
        _deliveries.Dispose();
        _watch.Dispose();
        _release.Dispose();
        await Queue.DisposeAsync();
        await _harvest.DisposeAsync();
        await _configurations.DisposeAsync();
    }

    // Messages that arrived a moment ago stay in memory until they are delivered: a part of what all messages may take.
    private static long CacheOf(long memory) => Math.Min(MaxCache, memory / CachePart);

    // A listener that a reload removed keeps its endpoint until the restart, and goes on as it was.
    private Listener CurrentOf(Listener atStart) => Configuration.Listeners.Find(atStart.Options.Name) ?? atStart;
}
