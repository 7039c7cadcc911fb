using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;

namespace SmimeGateway.Tests.Relaying;

public sealed class RouteReloadTests
{
    private static readonly RouteOptions Route = new()
    {
        Recipients = ["*"],
        Hosts = [new DnsEndPoint("smtp.example.net", 587)],
        Tls = RouteTls.Required,
        Trust = new RouteTrustOptions { Name = "a.example" },
        Authentication = new RouteAuthenticationOptions { User = "gateway", Password = new SecretOptions { Env = "A" } },
    };

    public static TheoryData<string, RouteOptions> Changes => new()
    {
        { "hosts", Route with { Hosts = [new DnsEndPoint("smtp.example.net", 25)] } },
        { "tls", Route with { Tls = RouteTls.Implicit } },
        { "trust.name", Route with { Trust = new RouteTrustOptions { Name = "b.example" } } },
        { "trust.fingerprints", Route with { Trust = new RouteTrustOptions { Fingerprints = ["AA"] } } },
        { "trust.roots", Route with { Trust = new RouteTrustOptions { Roots = ["a.pem"] } } },
        { "certificate", Route with { Certificate = new RouteCertificateOptions { Pkcs12 = "/none.pfx" } } },
        { "minimumVersion", Route with { MinimumVersion = TlsVersion.Tls13 } },
        { "user", Route with { Authentication = Route.Authentication! with { User = "other" } } },
        { "mechanism", Route with { Authentication = Route.Authentication! with { Mechanism = RouteMechanism.Login } } },
        { "password", Route with { Authentication = Route.Authentication! with { Password = new SecretOptions { Env = "B" } } } },
        { "connections", Route with { Connections = 7 } },
        { "connectionsPerHost", Route with { ConnectionsPerHost = 7 } },
        { "messagesPerMinute", Route with { MessagesPerMinute = 7 } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_changed_key_makes_new_routes(string key, RouteOptions changed)
    {
        await using var configurations = Open(Route);
        var before = configurations.Current.Routes;

        configurations.Replace(With(changed));

        configurations.Current.Routes.ShouldNotBeSameAs(before, key);
    }

    [Fact]
    public async Task Routes_that_did_not_change_keep_their_connections()
    {
        await using var configurations = Open(Route);
        var before = configurations.Current.Routes;

        configurations.Replace(With(Route with { Recipients = ["*"], Trust = new RouteTrustOptions { Name = "a.example" } }));

        configurations.Current.Routes.ShouldBeSameAs(before);
    }

    [Fact]
    public async Task Another_first_retry_changes_how_long_a_host_is_left_alone()
    {
        await using var configurations = Open(Route);
        var before = configurations.Current.Routes;

        configurations.Replace(With(Route) with { Queue = new QueueOptions { Retry = [TimeSpan.FromSeconds(1)] } });

        configurations.Current.Routes.ShouldNotBeSameAs(before);
    }

    private static GatewayOptions With(RouteOptions route) => new() { HostName = "gateway.example.com", Routes = [route] };

    private static RunningConfigurations Open(RouteOptions route) =>
        new(With(route), new GatewayCounters(TimeProvider.System), new MemoryBudget(1_000_000, TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance);
}
