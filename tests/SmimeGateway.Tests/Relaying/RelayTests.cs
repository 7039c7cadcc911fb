using SmimeGateway.Deciding;
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

    private static Route RouteTo(string pattern, IDelivery delivery) => new([AddressPattern.Parse(pattern)], delivery);

    private sealed class RecordingDelivery(string name) : IDelivery
    {
        public List<Envelope> Envelopes { get; } = [];

        public string Name => name;

        public int Width => 1;

        public ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, Envelope envelope, CancellationToken cancellationToken)
        {
            Envelopes.Add(envelope);
            var status = new DeliveryStatus(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "250 ok", name);
            return new ValueTask<DeliveryAttempt>(DeliveryAttempt.Uniform(envelope, status));
        }

        public RouteStatus Look(IReadOnlyList<string> recipients) => new(recipients, name, 0, Width, 0, []);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
