using System.Net;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class NextHopsCheckTests
{
    [Theory]
    [InlineData("127.0.0.1", CheckSeverity.Good)]
    [InlineData("localhost", CheckSeverity.Good)]
    [InlineData("no-such-host.invalid", CheckSeverity.Error)]
    public async Task A_next_hop_is_good_when_it_has_an_address(string host, object severity)
    {
        var options = new GatewayOptions { Routes = [new RouteOptions { Recipients = ["*"], Hosts = [new DnsEndPoint(host, 25)] }] };

        var findings = await NextHopsCheck.CheckAsync(options, CancellationToken.None);

        var finding = findings.ShouldHaveSingleItem();
        finding.Severity.ShouldBe(severity);
        finding.Subject.ShouldBe($"next hop {host}:25");
    }

    [Fact]
    public async Task A_proxy_is_looked_up_once_and_tells_the_routes_that_it_is_for()
    {
        RouteOptions Through(string proxy) => new() { Recipients = ["*"], Hosts = [new DnsEndPoint("mx.example.net", 25)], Proxy = proxy };
        var options = new GatewayOptions { Routes = [Through("socks5://127.0.0.1:1080"), Through("http://127.0.0.1:3128"), Through("socks5://me@127.0.0.1:1080")] };

        var findings = await NextHopsCheck.CheckAsync(options, CancellationToken.None);

        findings.Select(finding => finding.Subject).ShouldBe(["proxy 127.0.0.1:1080 of routes[0], routes[2]", "proxy 127.0.0.1:3128 of routes[1]"]);
    }
}
