using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace SmimeGateway.Host.Admin;

/// <summary>The socket through which commands reach the running gateway. Its file permissions are the whole of its access control.</summary>
internal static class AdminSocket
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Makes the socket and lets nobody but the gateway's own account in, not even for a moment. What a killed gateway left behind gives
    /// way: the lock of the queue has shown that no other one is running.
    /// </summary>
    /// <exception cref="IOException">Something other than a socket has that name, or the system refuses it.</exception>
    public static Socket Bind(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Clear(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // Linux gives the file the permissions the socket has when it is bound. Set on the file, they would come a moment too late.
                using var handle = new SafeFileHandle(socket.Handle, ownsHandle: false);
                File.SetUnixFileMode(handle, OwnerOnly);
            }

            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, OwnerOnly);
            }

            return socket;
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new IOException($"The admin socket {path} cannot be opened: {refused.Message}", refused);
        }
    }

    private static void Clear(string path)
    {
        // A path that was mistyped must not cost a file: sockets are empty.
        if (new FileInfo(path) is { Exists: true, Length: > 0 })
        {
            throw new IOException($"admin.socket is {path}, and a file of that name is there that is no socket. Name another path.");
        }

        File.Delete(path);
    }
}
