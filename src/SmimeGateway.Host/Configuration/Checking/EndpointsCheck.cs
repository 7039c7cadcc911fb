using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using SmimeGateway.Accepting;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Listeners can have their endpoints.</summary>
internal static class EndpointsCheck
{
    /// <summary>One finding for each listener. A port that is taken while the gateway runs is its own.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options)
    {
        var isRunning = Answers(options.Admin.Socket);
        return options.Listeners.Select(listener => Check(listener, isRunning));
    }

    private static CheckFinding Check(ListenerOptions listener, bool isRunning)
    {
        var subject = $"listener \"{listener.Name}\": {listener.Endpoint}";
        try
        {
            using var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(listener.Endpoint);
            return CheckFinding.Good(subject, "The port is free.");
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.AddressAlreadyInUse && isRunning)
        {
            return CheckFinding.Good(subject, "The port is taken, while the gateway runs.");
        }
        catch (SocketException refused)
        {
            var why = ListenerSocket.Explain(refused, listener.Endpoint.Port);
            var sentence = $"Nothing can listen there: {why}";

            // The account of the service may have a right that whoever checks has not.
            return refused.SocketErrorCode == SocketError.AccessDenied ? CheckFinding.Warning(subject, sentence) : CheckFinding.Hindrance(subject, sentence);
        }
    }

    private static bool Answers(string adminSocket)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(adminSocket));
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
