using System.Net;
using System.Net.Sockets;
using SmimeGateway.Accepting;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Listeners listen on addresses of this machine.</summary>
internal static class EndpointsCheck
{
    /// <summary>One finding for each listener. Ports are not tried: a running gateway has them.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options) => options.Listeners.Select(Check);

    private static CheckFinding Check(ListenerOptions listener)
    {
        var subject = $"listener \"{listener.Name}\": {listener.Endpoint}";
        try
        {
            using var socket = new Socket(listener.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(listener.Endpoint.Address, 0));
            return CheckFinding.Good(subject, "The address is one of this machine.");
        }
        catch (SocketException exception)
        {
            return CheckFinding.Error(subject, $"This machine cannot listen on {listener.Endpoint.Address}: {exception.Message}. Name an address of this machine.");
        }
    }
}
