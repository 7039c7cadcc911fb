using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting;

/// <summary>The stage behind a real socket, with a next stage that keeps what it gets.</summary>
internal sealed class KestrelListener : IAsyncDisposable
{
    private readonly WebApplication _application;

    private KestrelListener(ListenerOptions options, LogLevel level)
    {
        Port = options.Endpoint.Port;
        Options = options;
        Log = new CollectingLogger(level);
        var handler = new SmtpConnectionHandler(
            () => new Listener("gateway.example.com", Options), HandleAsync, RefuseRecipient, _ => HasRoom, TimeProvider.System, Log);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Endpoint, listen => listen.Run(handler.OnConnectedAsync)));
        _application = builder.Build();
    }

    public int Port { get; }

    public ListenerOptions Options { get; set; }

    public bool HasRoom { get; set; } = true;

    public CollectingLogger Log { get; }

    public ConcurrentQueue<InboundMessage> Messages { get; } = new();

    public static async Task<KestrelListener> StartAsync(ListenerLimits? limits = null, string clients = "127.0.0.0/8", LogLevel level = LogLevel.Debug)
    {
        var listener = new KestrelListener(
            new ListenerOptions
            {
                Name = "internal",
                Endpoint = new IPEndPoint(IPAddress.Loopback, Loopback.FreePort()),
                Clients = [IPNetwork.Parse(clients)],
                Limits = limits ?? new ListenerLimits(),
            },
            level);
        await listener._application.StartAsync();
        return listener;
    }

    public Task StopAsync() => _application.StopAsync();

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private ValueTask<Outcome> HandleAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        Messages.Enqueue(message);
        return ValueTask.FromResult<Outcome>(new Accepted(SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "kept"), "kept"));
    }

    private static SmtpReply? RefuseRecipient(MailPath recipient) => recipient.Domain == "nowhere.example" ? Replies.NoRoute : null;
}
