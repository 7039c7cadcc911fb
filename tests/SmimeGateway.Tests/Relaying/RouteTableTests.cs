using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Relaying;

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
    public async Task Several_routes_leave_workers_over_for_each_other()
    {
        var busy = new RouteOptions { Recipients = ["*@a.example"], Hosts = [new DnsEndPoint("a.example", 25)], Connections = 20 };
        await using var one = Create(busy);
        await using var two = Create(busy, busy with { Recipients = ["*"] });

        one.Width.ShouldBe(20);
        two.Width.ShouldBeGreaterThan(40);
    }

    private static RouteTable Create(params RouteOptions[] options) =>
        RouteTable.Create(options, "gateway.example.com", TimeProvider.System, NullLoggerFactory.Instance);
}
