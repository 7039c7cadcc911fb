using System.Net.Sockets;
using System.Threading.Channels;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace SmimeGateway.CardStack;

/// <summary>Sends what was spooled over connections that stay open, and removes it.</summary>
internal sealed class Relay(int port)
{
    private readonly Channel<Spooled> _waiting = Channel.CreateUnbounded<Spooled>();

    public ValueTask AddAsync(Spooled message, CancellationToken cancellationToken) => _waiting.Writer.WriteAsync(message, cancellationToken);

    public Task RunAsync(int connections) => Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(DeliverAsync)));

    private async Task DeliverAsync()
    {
        using var client = new SmtpClient();
        await foreach (var message in _waiting.Reader.ReadAllAsync())
        {
            if (!client.IsConnected)
            {
                // By itself MailKit leaves Nagle's algorithm on, which costs about 45 ms a message here.
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync("127.0.0.1", port);
                await client.ConnectAsync(socket, "127.0.0.1", port, SecureSocketOptions.None);
            }

            await client.SendAsync(message.Message, message.Sender, message.Recipients);
            File.Delete(message.Path);
        }
    }
}
