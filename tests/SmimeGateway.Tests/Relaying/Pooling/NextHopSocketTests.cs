using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using SmimeGateway.Relaying.Pooling;

namespace SmimeGateway.Tests.Relaying.Pooling;

[SuppressMessage("Reliability", "CA2025", Justification = "The task has ended when the sockets are disposed; an assertion that fails before that ends it by disposing them.")]
public sealed class NextHopSocketTests
{
    [Fact]
    public async Task A_server_that_does_not_read_is_slow_and_not_gone()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = await NextHopSocket.ConnectAsync((IPEndPoint)listener.LocalEndpoint, CancellationToken.None);
        using var reader = await listener.AcceptSocketAsync();
        using var stop = new CancellationTokenSource();
        var sending = SendForeverAsync(socket, stop.Token);

        // The questions whether it reads again come at growing intervals, so half a second without an acknowledgement is soon there.
        for (var look = 0; look < 40; look++)
        {
            NextHopSocket.IsSilent(socket, TimeSpan.FromMilliseconds(500)).ShouldBeFalse();
            await Task.Delay(50);
        }

        sending.IsCompleted.ShouldBeFalse("the server took what fits into its buffers");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(sending);
    }

    private static async Task SendForeverAsync(Socket socket, CancellationToken stop)
    {
        while (true)
        {
            await socket.SendAsync(new byte[64 * 1024], stop);
        }
    }
}
