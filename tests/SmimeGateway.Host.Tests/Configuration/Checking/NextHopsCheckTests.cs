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
}
