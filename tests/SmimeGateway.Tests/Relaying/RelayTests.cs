using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Relaying;

public sealed class RelayTests
{
    [Fact]
    public async Task Recipients_are_grouped_by_route_and_keep_their_places()
    {
        var one = new RecordingDelivery("one");
        var two = new RecordingDelivery("two");
        await using var routes = new RouteTable([RouteTo("*@one.example", one), RouteTo("*@two.example", two)]);

        var results = await new Relay(routes).RelayAsync(
            SomeQueued.To("a@one.example", "b@two.example", "c@nowhere.example", "d@one.example"), default);

        results.Select(result => (result.Recipient.Path.Address, result.NextHop)).ShouldBe(
            [("a@one.example", "one"), ("b@two.example", "two"), ("c@nowhere.example", "(no route)"), ("d@one.example", "one")]);
        one.Envelopes.Single().Recipients.Count.ShouldBe(2);
        two.Envelopes.Single().Recipients.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_recipient_without_a_route_waits_for_somebody_to_mend_the_configuration()
    {
        await using var routes = new RouteTable([]);

        var results = await new Relay(routes).RelayAsync(SomeQueued.To("a@one.example"), default);

        results.Single().Status.Action.ShouldBe(DeliveryAction.Delayed);
        results.Single().Status.Status.ShouldBe(new EnhancedStatus(4, 4, 4));
    }

    [Fact]
    public async Task A_message_with_one_route_goes_out_with_its_own_envelope()
    {
        var delivery = new RecordingDelivery("one");
        await using var routes = new RouteTable([RouteTo("*", delivery)]);
        var message = SomeQueued.To("a@one.example", "b@one.example");

        await new Relay(routes).RelayAsync(message, default);

        delivery.Envelopes.Single().ShouldBeSameAs(message.Envelope);
    }

    [Fact]
    public async Task What_one_way_out_has_answered_is_kept_when_the_gateway_stops_before_another_has()
    {
        using var stop = new CancellationTokenSource();
        var slow = new RecordingDelivery("slow") { Meanwhile = stop.CancelAsync };
        await using var routes = new RouteTable([RouteTo("*@one.example", new RecordingDelivery("one")), RouteTo("*@two.example", slow)]);

        var results = await new Relay(routes).RelayAsync(SomeQueued.To("a@one.example", "b@two.example"), stop.Token);

        results.Select(result => result.Status.Action).ShouldBe([DeliveryAction.Delivered, DeliveryAction.Delayed]);
        results[1].WasTurnedAway.ShouldBeTrue("nothing was found out about it, so it is no attempt");
        results[1].LookAgainIn.ShouldBe(TimeSpan.Zero);
        results[1].Breakage.ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_recorded_of_a_message_that_nobody_answered_before_the_gateway_stopped()
    {
        using var stop = new CancellationTokenSource();
        await using var routes = new RouteTable([RouteTo("*", new RecordingDelivery("slow") { Meanwhile = stop.CancelAsync })]);

        await Should.ThrowAsync<OperationCanceledException>(
            new Relay(routes).RelayAsync(SomeQueued.To("a@one.example", "b@two.example"), stop.Token).AsTask());
    }

    [Fact]
    public async Task What_breaks_one_way_out_is_told_and_leaves_the_others_alone()
    {
        var broken = new RecordingDelivery("broken") { Meanwhile = () => throw new InvalidOperationException("broken") };
        await using var routes = new RouteTable([RouteTo("*@one.example", new RecordingDelivery("one")), RouteTo("*@two.example", broken)]);

        var results = await new Relay(routes).RelayAsync(SomeQueued.To("a@one.example", "b@two.example"), default);

        results.Select(result => result.Status.Action).ShouldBe([DeliveryAction.Delivered, DeliveryAction.Delayed]);
        results.Select(result => result.Breakage?.Message).ShouldBe([null, "broken"]);
        results[1].WasTurnedAway.ShouldBeFalse();
    }

    private static Route RouteTo(string pattern, IDelivery delivery) => new([AddressPattern.Parse(pattern)], delivery);

    private sealed class RecordingDelivery(string name) : IDelivery
    {
        public List<Envelope> Envelopes { get; } = [];

        /// <summary>What happens while the server is waited for.</summary>
        public Func<Task> Meanwhile { get; init; } = () => Task.CompletedTask;

        public string Name => name;

        public int Width => 1;

        public async ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, Envelope envelope, CancellationToken cancellationToken)
        {
            Envelopes.Add(envelope);
            await Meanwhile();
            cancellationToken.ThrowIfCancellationRequested();
            return DeliveryAttempt.Uniform(envelope, new DeliveryStatus(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "250 ok", name));
        }

        public RouteStatus Look(IReadOnlyList<string> recipients) => new(recipients, name, 0, Width, 0, []);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
