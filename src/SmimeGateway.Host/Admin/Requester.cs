using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace SmimeGateway.Host.Admin;

/// <summary>Who asks through the admin socket, for the log. The operating system vouches for it.</summary>
internal static class Requester
{
    // SOL_SOCKET and SO_PEERCRED of Linux; the answer is a struct ucred of three integers.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>Names the account and the process at the other end.</summary>
    public static string Of(HttpContext context)
    {
        if (!OperatingSystem.IsLinux() || context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            return "an administrator";
        }

        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, MemoryMarshal.AsBytes(credentials));
        return $"user {credentials[1]} (process {credentials[0]})";
    }
}
