using System.Net;
using System.Net.Sockets;
using SmimeGateway.Accepting;

namespace SmimeGateway.Tests.Accepting;

public sealed class ClientPolicyTests
{
    private static readonly ClientPolicy Policy =
        new([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("2001:db8::/32")]);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.1.255.255", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("2001:db8:1::1", true)]
    [InlineData("10.2.0.0", false)]
    [InlineData("::ffff:10.2.0.0", false)]
    [InlineData("2001:db9::1", false)]
    [InlineData("::1", false)]
    public void A_client_is_served_when_a_network_holds_its_address(string client, bool isServed) =>
        Policy.Admits(IPAddress.Parse(client)).ShouldBe(isServed);

    [Fact]
    public void No_networks_serve_nobody() => new ClientPolicy([]).Admits(IPAddress.Loopback).ShouldBeFalse();

    [Fact]
    public void A_mapped_address_is_shown_as_what_it_is() =>
        ClientPolicy.Identify(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.7"), 25)).ToString().ShouldBe("192.0.2.7:25");

    [Fact]
    public void An_end_without_an_address_belongs_to_nobody() =>
        Policy.Admits(ClientPolicy.Identify(new UnixDomainSocketEndPoint("/run/x")).Address).ShouldBeFalse();
}
