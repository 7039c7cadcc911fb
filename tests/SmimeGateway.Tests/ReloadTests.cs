using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests;

/// <summary>What the former configuration leaves to the next, and what ends with it.</summary>
public sealed class ReloadTests : IAsyncDisposable
{
    private readonly ScriptedNextHop _nextHop = ScriptedNextHop.Start();
    private readonly RunningConfigurations _configurations;

    public ReloadTests() => _configurations = new RunningConfigurations(
        With(connections: 5), new GatewayCounters(TimeProvider.System), new MemoryBudget(1_000_000, TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance);

    public async ValueTask DisposeAsync()
    {
        await _configurations.DisposeAsync();
        await _nextHop.DisposeAsync();
    }

    [Fact]
    public async Task Who_waits_for_a_certificate_hears_of_a_reload_when_the_next_configuration_can_be_asked_and_of_a_loss_that_is_meant()
    {
        var asked = new List<RunningConfiguration>();
        _configurations.Current.Partners.OnArrival(() => asked.Add(_configurations.Current));

        _configurations.Replace(With(connections: 5));
        asked.ShouldBe([_configurations.Current]);

        _configurations.Replace(With(connections: 6));
        asked.Count.ShouldBe(2);
        asked[1].ShouldBeSameAs(_configurations.Current);

        _configurations.AcceptLoss();
        asked.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(6, 0)]
    public async Task Routes_that_were_replaced_close_their_connections_and_those_that_stay_keep_them(int connections, int open)
    {
        var delivery = _configurations.Current.Routes.Deliveries[0];
        var attempt = await Eventually.EndsAsync(delivery.DeliverAsync(SomeQueued.To("bob@example.net"), CancellationToken.None).AsTask());
        attempt.Statuses.Single().Action.ShouldBe(DeliveryAction.Delivered);
        _nextHop.OpenConnections.ShouldBe(1);

        _configurations.Replace(With(connections));

        await Eventually.TrueAsync(() => _nextHop.OpenConnections == open);
    }

    private GatewayOptions With(int connections) =>
        new() { HostName = "gateway.example.com", Routes = [SomeRoute.To(_nextHop, RouteTls.Off) with { Connections = connections }] };
}
