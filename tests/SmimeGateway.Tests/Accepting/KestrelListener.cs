using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Accepting.Securing;
using SmimeGateway.Accepting.Users;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting;

/// <summary>The stage behind a real socket, with a next stage that keeps what it gets.</summary>
internal sealed class KestrelListener : IAsyncDisposable
{
    private readonly WebApplication _application;

    private KestrelListener(ListenerOptions options, LogLevel level, long memory)
    {
        Port = options.Endpoint.Port;
        Options = options;
        Log = new CollectingLogger<SmtpConnectionHandler>(level);
        Budget = new MemoryBudget(memory, TimeProvider.System);
        var handler = new SmtpConnectionHandler(
            () => new Listener("gateway.example.com", Options) { Tls = Tls, Users = Users },
            new Intake(HandleAsync, RefuseRecipient, _ => HasRoom),
            new Defences(Budget, new LoginGuard(TimeProvider.System), Counters, new byte[32]),
            TimeProvider.System,
            Log);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Endpoint, listen => listen.Run(handler.OnConnectedAsync)));
        _application = builder.Build();
    }

    public int Port { get; }

    public ListenerOptions Options { get; set; }

    public bool HasRoom { get; set; } = true;

    public CollectingLogger<SmtpConnectionHandler> Log { get; }

    public MemoryBudget Budget { get; }

    public GatewayCounters Counters { get; } = new();

    public ListenerTls? Tls { get; init; }

    public UserList? Users { get; init; }

    public ConcurrentQueue<InboundMessage> Messages { get; } = new();

    public static Task<KestrelListener> StartAsync(ListenerLimits? limits = null, string clients = "127.0.0.0/8", LogLevel level = LogLevel.Debug) =>
        StartAsync(Some(clients) with { Limits = limits ?? new ListenerLimits() }, level);

    public static async Task<KestrelListener> StartAsync(
        ListenerOptions options, LogLevel level = LogLevel.Debug, long memory = 256_000_000, UserList? users = null)
    {
        var tls = options.Tls.Mode == ListenerTlsMode.Off ? null : new ListenerTls(options, TimeProvider.System, new CollectingLogger<ListenerTls>(level));
        var listener = new KestrelListener(options, level, memory)
        {
            Tls = tls,
            Users = users,
        };
        await listener._application.StartAsync();
        return listener;
    }

    /// <summary>Options of a listener on a free port.</summary>
    public static ListenerOptions Some(string clients = "127.0.0.0/8") => new()
    {
        Name = "internal",
        Endpoint = new IPEndPoint(IPAddress.Loopback, Loopback.FreePort()),
        Clients = [IPNetwork.Parse(clients)],
    };

    public Task StopAsync() => _application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        if (Tls is not null)
        {
            await Tls.DisposeAsync();
        }
    }

    private ValueTask<Outcome> HandleAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        Messages.Enqueue(message);
        return ValueTask.FromResult<Outcome>(new Accepted(SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "kept"), "kept"));
    }

    private static SmtpReply? RefuseRecipient(MailPath recipient) => recipient.Domain == "nowhere.example" ? Replies.NoRoute : null;
}
