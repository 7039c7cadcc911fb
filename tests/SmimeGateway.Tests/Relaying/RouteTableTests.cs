using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("bob@partner.example", "mx.partner.example:25")]
    [InlineData("BOB@PARTNER.EXAMPLE", "mx.partner.example:25")]
    [InlineData("bob@other.example", "/outbox")]
    [InlineData("vip@partner.example", "vip.example:2525")]
    public async Task The_first_route_for_a_recipient_is_taken(string recipient, string name)
    {
        await using var routes = Create(
            new RouteOptions { Recipients = ["vip@*"], Hosts = [new DnsEndPoint("vip.example", 2525)] },
            new RouteOptions { Recipients = ["*@sub.partner.example", "*@partner.example"], Hosts = [new DnsEndPoint("mx.partner.example", 25)] },
            new RouteOptions { Recipients = ["*"], Folder = "/outbox" });

        routes.Find(SomeQueued.Path(recipient))!.Delivery.Name.ShouldBe(name);
    }

    [Fact]
    public async Task No_route_is_no_guess()
    {
        await using var routes = Create(new RouteOptions { Recipients = ["*@partner.example"], Folder = "/outbox" });

        routes.Find(SomeQueued.Path("bob@other.example")).ShouldBeNull();
    }

    [Fact]
    public async Task The_bare_postmaster_has_a_route_where_everybody_has()
    {
        await using var routes = Create(new RouteOptions { Recipients = ["*"], Folder = "/outbox" });

        routes.Find(SomeQueued.Path("postmaster")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Each_route_has_a_way_out_of_its_own_and_who_has_none_waits_for_somebody_to_mend_the_configuration()
    {
        await using var routes = Create(
            new RouteOptions { Recipients = ["*@a.example"], Folder = "/a" }, new RouteOptions { Recipients = ["*@b.example"], Folder = "/b" });

        routes.Deliveries.Select(delivery => delivery.Name).ShouldBe(["/a", "/b", "(no route)"]);
        new[] { "x@b.example", "x@a.example", "x@c.example" }.Select(address => routes.IndexOf(SomeQueued.Path(address))).ShouldBe([1, 0, 2]);
        var attempt = await routes.Deliveries[2].DeliverAsync(SomeQueued.To("x@c.example"), default);
        attempt.Statuses.Single().Action.ShouldBe(DeliveryAction.Delayed);
        attempt.Statuses.Single().Status.ShouldBe(new EnhancedStatus(4, 4, 4));
        attempt.IsUntried.ShouldBeFalse("the schedule ends it, should nobody mend anything");
    }

    private static RouteTable Create(params RouteOptions[] options) =>
        RouteTable.Create(options, "gateway.example.com", TimeProvider.System, NullLoggerFactory.Instance);

    [Fact]
    public async Task What_a_route_delivered_stays_counted_when_another_takes_its_place()
    {
        using var folder = new TemporaryFolder();
        await using var nextHop = ScriptedNextHop.Start();
        var gone = new DnsEndPoint("gone.example", 25);
        var hosts = new RouteOptions { Recipients = ["*@a.example"], Hosts = [nextHop.EndPoint], Connections = 1 };
        var files = new RouteOptions { Recipients = ["*@b.example"], Folder = folder.Path };
        await using var before = Create(hosts, files);
        await before.Deliveries[0].DeliverAsync(SomeQueued.To("x@a.example"), default);
        await before.Deliveries[1].DeliverAsync(SomeQueued.To("x@b.example"), default);

        await using var after = Follow(before, files, hosts with { Connections = 2 });
        await using var elsewhere = Follow(after, files, hosts with { Hosts = [gone] });

        Counted(after).ShouldBe([1, 1]);
        await after.Deliveries[1].DeliverAsync(SomeQueued.To("x@a.example"), default);
        await before.Deliveries[0].DeliverAsync(SomeQueued.To("x@a.example"), default);
        Counted(after).ShouldBe([1, 3], "what was under way counts too");
        after.Look()[1].NextHops.ShouldHaveSingleItem().Address.ShouldBe($"127.0.0.1:{nextHop.EndPoint.Port}");
        Counted(elsewhere).ShouldBe([1, 0], "another host has delivered nothing");

        static long[] Counted(RouteTable routes) => [.. routes.Look().Select(route => route.NextHops.Sum(hop => hop.Deliveries))];
    }

    private static RouteTable Follow(RouteTable previous, params RouteOptions[] options) =>
        RouteTable.Create(options, "gateway.example.com", TimeProvider.System, NullLoggerFactory.Instance, previous: previous);
}
