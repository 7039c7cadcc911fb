using System.Net;
using SmimeGateway.Accepting;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class EndpointsCheckTests
{
    [Theory]
    [InlineData("127.0.0.1:25", CheckSeverity.Good)]
    [InlineData("0.0.0.0:25", CheckSeverity.Good)]
    [InlineData("192.0.2.1:25", CheckSeverity.Error)]
    public void An_endpoint_is_good_when_its_address_is_one_of_this_machine(string endpoint, object severity)
    {
        var options = new GatewayOptions { Listeners = [new ListenerOptions { Name = "internal", Endpoint = IPEndPoint.Parse(endpoint) }] };

        var finding = EndpointsCheck.Check(options).ShouldHaveSingleItem();

        finding.Severity.ShouldBe(severity);
        finding.Subject.ShouldBe($"listener \"internal\": {endpoint}");
    }
}
