using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using SmimeGateway.Accepting;
using SmimeGateway.Queueing;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Nobody else has what the gateway takes when it starts: the endpoints of its listeners, and its queue.</summary>
internal static class EndpointsCheck
{
    /// <summary>One finding for each listener, and one where another gateway has the queue. What is taken while the gateway runs is its own.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options)
    {
        var isRunning = Answers(options.Admin.Socket);
        return options.Listeners.Select(listener => Check(listener, isRunning))
            .Concat(!isRunning && DiskQueue.FindHolder(options.Queue.Disk) is { } process
                ? [CheckFinding.Hindrance(
                    $"queue.disk: {options.Queue.Disk}", $"Process {process} works on this queue, and two gateways cannot share one. Stop that one, or name another folder.")]
                : []);
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

            // What is true of this account is all that can be known: the service may have a right that whoever checks has not.
            return CheckFinding.Hindrance(
                subject, $"Nothing can listen there: {why}{(refused.SocketErrorCode == SocketError.AccessDenied ? " Where the service has that right, check with the same." : "")}");
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
