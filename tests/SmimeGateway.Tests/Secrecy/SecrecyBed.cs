using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Secrecy;

/// <summary>
/// The path of a message from the client to the next hop in one process, with real sources, queue, deliveries and reports, everything it
/// writes in one folder, and the steps of stage 5 told to the test. Partners are bob, dora and refused; carl has no certificate.
/// </summary>
internal sealed class SecrecyBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _pace = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _temporaryFolder = Environment.GetEnvironmentVariable("TMPDIR");
    private readonly Dictionary<string, X509Certificate2> _people = [];
    private readonly OwnSources _own;
    private readonly PartnerSources _partners;
    private readonly PartnerSources _nobody;
    private readonly RouteTable _routes;
    private readonly RunningConfiguration _configuration;
    private readonly RunningConfiguration _crippled;
    private readonly DiskQueue _queue;
    private readonly HeldRelease _release;
    private readonly DeliveryLoop _deliveries;
    private readonly MessagePath _path;
    private readonly GatewayCounters _counters = new();

    /// <param name="rules">The rules.</param>
    /// <param name="reached">Told of each step of stage 5.</param>
    /// <param name="disk">The disk of the queue; null for the real one.</param>
    public SecrecyBed(IReadOnlyList<RuleOptions> rules, Action<ProtectingStep> reached, IJournalFolder? disk = null)
    {
        Directory.CreateDirectory(_folder["tmp"]);
        Environment.SetEnvironmentVariable("TMPDIR", _folder["tmp"]);
        TestPki.WriteP12(_folder["office.pfx"], "secret", TestPki.Issue("alice@example.com"));
        File.WriteAllText(_folder["password"], "secret");
        Directory.CreateDirectory(_folder["data/queue"]);
        Directory.CreateDirectory(_folder["partners"]);
        Directory.CreateDirectory(_folder["nobody"]);
        Publish("bob", "dora", "refused");

        var options = Options(rules, "partners");
        _own = OwnSources.Open(options.Certificates.Own, previous: null, TimeProvider.System);
        _routes = RouteTable.Create(options.Routes, options.HostName, TimeProvider.System, Loggers);
        _partners = PartnerSources.Open(options.Certificates, _own, options.DataFolder, previous: null, TimeProvider.System);
        _configuration = RunningConfiguration.Build(options, Listeners.None, _own, _partners, _routes, _counters, TimeProvider.System, Loggers);

        // The same with nobody's certificate, and with a key for held mail that cannot be read.
        var crippled = Options(rules, "nobody") with { Encryption = new EncryptionOptions { HoldKey = new SecretOptions { File = _folder["nowhere"] } } };
        _nobody = PartnerSources.Open(crippled.Certificates, _own, options.DataFolder, previous: null, TimeProvider.System);
        _crippled = RunningConfiguration.Build(crippled, Listeners.None, _own, _nobody, _routes, _counters, TimeProvider.System, Loggers);

        _queue = DiskQueue.Open(
            new DiskQueueOptions(_folder["data/queue"]) { SegmentBytes = 16 * 1024 * 1024, OwnFileBytes = 64 * 1024 },
            disk ?? new DiskFolder(_folder["data/queue"], NullLogger.Instance),
            TimeProvider.System,
            Loggers.CreateLogger<DiskQueue>());
        var protector = new Protector(TimeProvider.System) { Reached = reached };
        _path = new MessagePath(() => IsCrippled ? _crippled : _configuration, protector, _queue, _counters, TimeProvider.System, Loggers.CreateLogger<MessagePath>());
        var preparation = new Preparation(protector, TimeProvider.System, Loggers.CreateLogger<HeldRelease>());
        _release = new HeldRelease(
            () => _configuration.HoldKey,
            (message, cancellationToken) => preparation.PrepareAsync(message, _configuration, PreparationKind.Held, cancellationToken),
            TimeProvider.System,
            Loggers.CreateLogger<HeldRelease>());
        var watch = new HeldMailWatch(
            _queue, (address, cancellationToken) => _partners.KnowsAsync(address, cancellationToken), Loggers.CreateLogger<HeldMailWatch>());
        _partners.OnArrival(watch.Announce);
        _deliveries = new DeliveryLoop(
            _queue, () => _configuration.Delivery, new HeldSteps(_release, watch), TimeProvider.System, Loggers.CreateLogger<DeliveryLoop>());
    }

    /// <summary>Every line that was logged.</summary>
    public RecordingLoggers Loggers { get; } = new();

    /// <summary>Where everything goes, reports too.</summary>
    public CollectingNextHop NextHop { get; } = new() { ReplyToRecipient = static address => address.StartsWith("refused@", StringComparison.Ordinal) ? "550 5.1.1 nobody" : "250 2.1.5 fine" };

    /// <summary>True finds no certificate for anybody, and cannot read the key that seals held mail.</summary>
    public bool IsCrippled { get; set; }

    /// <summary>The folder in which everything is that was written: the queue, data, and what else was put into the temporary folder.</summary>
    public string Written => _folder.Path;

    /// <summary>What is in the queue.</summary>
    public QueueSummary Queued => _queue.Summarize();

    /// <summary>The certificate of somebody who has one, with its key.</summary>
    public X509Certificate2 this[string name] => _people[name];

    /// <summary>From now on everything that was accepted is under way, and nothing of it ends before <see cref="LetGo"/>.</summary>
    public Task StartDeliveriesAsync()
    {
        NextHop.Pace = _pace.Task;
        return _deliveries.StartAsync(CancellationToken.None);
    }

    /// <summary>Lets the next hop answer.</summary>
    public void LetGo() => _pace.TrySetResult();

    /// <summary>Makes everything due that was put off.</summary>
    public async Task RetryAsync() => await _queue.RetryAsync(new QueueFilter(), CancellationToken.None);

    /// <summary>Puts certificates of these people into the folder of partners.</summary>
    public void Publish(params string[] people)
    {
        foreach (var name in people)
        {
            _people[name] = TestPki.Issue(name + "@partner.example");
            File.WriteAllText(_folder[$"partners/{name}.pem"], TestPki.MakeCertificatePem(TestPki.Public(_people[name])));
        }
    }

    /// <summary>Offers a message to these people, with all of it to be returned where it fails.</summary>
    public async Task<Outcome> OfferAsync(byte[] message, params string[] people)
    {
        var session = new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Loopback, 4711));
        var envelope = new Envelope(PathOf("alice@example.com"), [.. people.Select(name => new EnvelopeRecipient(PathOf(name + "@partner.example")))])
        {
            Body = BodyType.EightBitMime,
            Return = ReturnedContent.Full,
        };
        return await _path.HandleAsync(new InboundMessage(session, envelope, message, TimeProvider.System.GetUtcNow()), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        LetGo();
        await Eventually.EndsAsync(_deliveries.StopAsync(CancellationToken.None));
        _deliveries.Dispose();
        _release.Dispose();
        await _queue.DisposeAsync();
        await _routes.DisposeAsync();
        await _partners.DisposeAsync();
        await _nobody.DisposeAsync();
        await _own.DisposeAsync();
        await NextHop.DisposeAsync();
        Loggers.Dispose();
        Environment.SetEnvironmentVariable("TMPDIR", _temporaryFolder);
        _folder.Dispose();
    }

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : throw new ArgumentException(address, nameof(address));

    private GatewayOptions Options(IReadOnlyList<RuleOptions> rules, string partners) => new()
    {
        HostName = "gateway.example.com",
        DataFolder = _folder["data"],
        Senders = [new SenderOptions { Address = ["*@example.com"], Clients = [IPNetwork.Parse("127.0.0.0/8")] }],
        Certificates = new CertificateOptions
        {
            Own = [new() { Name = "office", Pkcs12 = _folder["office.pfx"], Password = new SecretOptions { File = _folder["password"] } }],
            Partners = [new() { Name = "partners", Folder = _folder[partners], Accept = PartnerAcceptance.All }],
        },
        Rules = rules,
        Otherwise = WhenNoRuleMatches.Reject,
        Routes = [new RouteOptions { Recipients = ["*"], Hosts = [new DnsEndPoint("127.0.0.1", NextHop.Port)] }],
        Queue = new QueueOptions { Retry = [TimeSpan.FromSeconds(1)] },
    };
}
