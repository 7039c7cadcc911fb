using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Reporting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests;

/// <summary>A delivery loop between a queue and ways out that answer as a test says.</summary>
internal sealed class LoopBed : IAsyncDisposable
{
    private readonly RouteTable _routes;
    private readonly DeliveryLoop _loop;

    public LoopBed(IMessageQueue queue, TimeProvider time, QueueOptions options, params (string Recipients, AnsweringDelivery Delivery)[] routes)
        : this(queue, time, options, NothingHeld(queue), new GatewayCounters(), NullLogger<DeliveryLoop>.Instance, routes)
    {
    }

    public LoopBed(
        IMessageQueue queue, TimeProvider time, QueueOptions options, HeldSteps held, GatewayCounters counters, ILogger<DeliveryLoop> log,
        params (string Recipients, AnsweringDelivery Delivery)[] routes)
    {
        _routes = new RouteTable([.. routes.Select(route => new Route([AddressPattern.Parse(route.Recipients)], route.Delivery))]);
        var steps = new DeliverySteps(
            _routes,
            new RetrySchedule(options, () => 0.5),
            new Reporter("gateway.example.com", _routes, SigningDomains.Open([], time), time, NullLogger<Reporter>.Instance),
            counters);
        _loop = new DeliveryLoop(queue, () => steps, held, time, log);
    }

    /// <summary>For queues without messages that wait for a certificate.</summary>
    public static HeldSteps NothingHeld(IMessageQueue queue) => new(
        new HeldRelease(
            () => throw new InvalidOperationException("Nothing is held."),
            (_, _) => throw new InvalidOperationException("Nothing is held."),
            TimeProvider.System,
            NullLogger<HeldRelease>.Instance),
        new HeldMailWatch(queue, (_, _) => ValueTask.FromResult(false), NullLogger<HeldMailWatch>.Instance));

    public void Start() => _ = _loop.StartAsync(CancellationToken.None);

    /// <summary>Stops it; under pressure once the token is cancelled.</summary>
    public Task StopAsync(CancellationToken pressure) => _loop.StopAsync(pressure);

    public async ValueTask DisposeAsync()
    {
        await Eventually.EndsAsync(_loop.StopAsync(CancellationToken.None));
        _loop.Dispose();
        await _routes.DisposeAsync();
    }
}
