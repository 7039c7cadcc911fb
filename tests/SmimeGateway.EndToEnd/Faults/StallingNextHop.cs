using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A server that takes the first megabytes of each message, and then nothing more.</summary>
internal sealed class StallingNextHop : IAsyncDisposable
{
    private const int Taken = 2_000_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _sessions = [];
    private readonly Task _accepting;
    private int _stalled;

    public StallingNextHop()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many messages are stuck.</summary>
    public int Stalled => Volatile.Read(ref _stalled);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_sessions);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception trouble) when (trouble is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        connection.ReceiveBufferSize = 64 * 1024;
        var stream = connection.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1, false, 64 * 1024, leaveOpen: true);
        try
        {
            await SayAsync("220 stalling.example.net");
            while (await reader.ReadLineAsync(_end.Token) is { } command)
            {
                await SayAsync(command == "DATA" ? "354 go ahead" : "250 fine");
                if (command == "DATA")
                {
                    await StallAsync(reader);
                    return;
                }
            }
        }
        catch (Exception trouble) when (trouble is IOException or OperationCanceledException)
        {
            // The other end went, or the test is over.
        }

        ValueTask SayAsync(string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _end.Token);
    }

    private async Task StallAsync(StreamReader reader)
    {
        var buffer = new char[64 * 1024];
        for (var taken = 0; taken < Taken;)
        {
            var read = await reader.ReadAsync(buffer.AsMemory(), _end.Token);
            if (read == 0)
            {
                return;
            }

            taken += read;
        }

        Interlocked.Increment(ref _stalled);
        await Task.Delay(Timeout.Infinite, _end.Token);
    }
}
