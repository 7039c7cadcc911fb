using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using SmimeGateway.TestSupport;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace SmimeGateway.EndToEnd.Ecosystem;

/// <summary>The package SmtpServer, listening on a port of its own and keeping what it is sent.</summary>
internal sealed class SmtpServerInstance : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Store _store = new();
    private readonly Task _serving;

    public SmtpServerInstance()
    {
        Port = Loopback.FreePort();
        var services = new ServiceProvider();
        services.Add(_store);
        var options = new SmtpServerOptionsBuilder().ServerName("smtpserver.example").MaxMessageSize(100_000_000)
            .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port))).Build();
        _serving = new SmtpServer.SmtpServer(options, services).StartAsync(_closing.Token);
    }

    public int Port { get; }

    /// <summary>What it took: the content as it gave it to its store, and the parameters it gave with it.</summary>
    public ConcurrentQueue<(byte[] Content, IReadOnlyDictionary<string, string> Parameters)> Messages => _store.Messages;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private sealed class Store : MessageStore
    {
        public ConcurrentQueue<(byte[] Content, IReadOnlyDictionary<string, string> Parameters)> Messages { get; } = new();

        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            Messages.Enqueue((buffer.ToArray(), transaction.Parameters));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }
}
