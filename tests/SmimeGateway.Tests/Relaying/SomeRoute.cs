using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying;

/// <summary>Routes to scripted next hops.</summary>
internal static class SomeRoute
{
    /// <summary>The delivery of a route as the configuration has it.</summary>
    public static SmtpDelivery Open(RouteOptions route, TimeProvider? time = null) => SmtpDelivery.Create(
        route, new SmtpClientOptions("gateway.example.com"), TimeSpan.FromMinutes(1), time ?? TimeProvider.System, NullLogger<SmtpDelivery>.Instance);

    /// <summary>A route to a next hop.</summary>
    public static RouteOptions To(ScriptedNextHop nextHop, RouteTls tls) => new() { Recipients = ["*"], Hosts = [nextHop.EndPoint], Tls = tls };

    /// <summary>Delivers one message.</summary>
    public static async Task<DeliveryAttempt> DeliverAsync(SmtpDelivery delivery)
    {
        var message = SomeQueued.To("bob@example.net");
        return await Eventually.EndsAsync(delivery.DeliverAsync(message, default).AsTask());
    }
}
