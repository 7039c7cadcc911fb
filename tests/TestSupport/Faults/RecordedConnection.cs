using System.Net.Sockets;

namespace SmimeGateway.TestSupport.Faults;

/// <summary>One connection through a <see cref="RecordingProxy"/>.</summary>
public sealed class RecordedConnection : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly MemoryStream _fromClient = new();
    private readonly MemoryStream _fromServer = new();
    private readonly TcpClient _client;
    private readonly TcpClient _server;
    private readonly Task _copying;

    internal RecordedConnection(TcpClient client, TcpClient server)
    {
        (_client, _server) = (client, server);
        (client.NoDelay, server.NoDelay) = (true, true);
        _copying = Task.WhenAll(CopyAsync(client, server, _fromClient), CopyAsync(server, client, _fromServer));
    }

    /// <summary>What the client sent so far.</summary>
    public byte[] FromClient => Snapshot(_fromClient);

    /// <summary>What the server sent so far.</summary>
    public byte[] FromServer => Snapshot(_fromServer);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _server.Dispose();
        await _copying;
        await _fromClient.DisposeAsync();
        await _fromServer.DisposeAsync();
    }

    private byte[] Snapshot(MemoryStream record)
    {
        lock (_gate)
        {
            return record.ToArray();
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, MemoryStream record)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                lock (_gate)
                {
                    record.Write(buffer, 0, read);
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }

            // Null once the connection was disposed.
            to.Client?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception trouble) when (trouble is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone; so is the other then.
            from.Dispose();
            to.Dispose();
        }
    }
}
