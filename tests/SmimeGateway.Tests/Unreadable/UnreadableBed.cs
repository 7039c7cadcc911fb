using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Unreadable;

/// <summary>A running message path over sources in a folder, whose files a test breaks and mends while mail goes through.</summary>
internal sealed class UnreadableBed : IAsyncDisposable
{
    private static readonly TimeSpan Regularly = TimeSpan.FromSeconds(10);

    private readonly GatewayCounters _counters;
    private readonly List<string> _variables = [];
    private RouteTable? _routes;

    public UnreadableBed() => _counters = new GatewayCounters(Time);

    public TemporaryFolder Folder { get; } = new();

    public ManualTimeProvider Time { get; } = new(TestPki.Now);

    public CollectingQueue Queue { get; } = new();

    public CollectingLogger<MessagePath> Log { get; } = new(LogLevel.Information);

    public OwnSources? Own { get; private set; }

    public PartnerSources? Partners { get; private set; }

    /// <summary>What sources say is hidden from them now.</summary>
    public bool IsConcealed => Own!.Problems.Concat(Partners!.Problems).Any(problem => problem.Conceals);

    public string this[string name] => Folder[name];

    /// <summary>An environment variable of this test alone.</summary>
    public string Variable(string value)
    {
        var name = $"UNREADABLE_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, value);
        _variables.Add(name);
        return name;
    }

    public void Start(CertificateOptions certificates)
    {
        Own = OwnSources.Open(certificates.Own, previous: null, Time);
        Partners = PartnerSources.Open(certificates, Own, Folder["data"], previous: null, Time);
        _ = Partners.Trust;
    }

    /// <summary>Says that what went away is meant to be gone, as a reload does.</summary>
    public void AcceptLoss()
    {
        Own!.AcceptLoss();
        Partners!.AcceptLoss();
    }

    /// <summary>Lets the sources look at their files until they notice what was done to them.</summary>
    public Task NoticeAsync(Func<bool> noticed) => Eventually.TrueAsync(() =>
    {
        Time.Advance(Regularly);
        return noticed();
    });

    public Task<Outcome> SignAsync(string author, SignOptions sign) =>
        SendAsync(author, "bob@example.net", new RuleOptions { Name = "sign", Sign = sign });

    public Task<Outcome> EncryptAsync(string recipient, EncryptOptions encrypt) =>
        SendAsync("alice@example.com", recipient, new RuleOptions { Name = "encrypt", Encrypt = encrypt });

    public async Task<Outcome> SendAsync(string author, string recipient, RuleOptions rule, string client = "127.0.0.1")
    {
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            DataFolder = Folder["data"],
            Senders = [new SenderOptions { Address = ["*@example.com"], Clients = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")] }],
            Rules = [rule],
            Routes = [new RouteOptions { Recipients = ["*"], Folder = Folder.Path }],
        };
        _routes ??= RouteTable.Create(options.Routes, options.HostName, Time, NullLoggerFactory.Instance);
        var configuration = RunningConfiguration.Build(options, Listeners.None, Own!, Partners!, _routes, _counters, Time, NullLoggerFactory.Instance);
        var path = new MessagePath(() => configuration, new Protector(Time), Queue, _counters, Time, Log);
        var session = new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Parse(client), 4711));
        var mail = $"From: {author}\r\nTo: {recipient}\r\nSubject: hello\r\nMIME-Version: 1.0\r\n\r\nHello\r\n";
        var envelope = new Envelope(PathOf(author), [.. recipient.Split(", ").Select(one => new EnvelopeRecipient(PathOf(one)))]);
        Queue.Collected.Clear();
        return await path.HandleAsync(new InboundMessage(session, envelope, Encoding.ASCII.GetBytes(mail), TestPki.Now), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _variables.ForEach(name => Environment.SetEnvironmentVariable(name, null));
        foreach (var part in new IAsyncDisposable?[] { Partners, Own, _routes })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        Queue.Dispose();
        Folder.Dispose();
    }

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : MailPath.Null;
}
