using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Reporting;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Dkim;

/// <summary>A gateway whose domains sign, with a rule for each recipient's domain: <c>bob@triple.example</c> gets triple mail.</summary>
internal sealed class DkimBed : IAsyncDisposable
{
    public const string Author = "alice@example.com";

    /// <summary>A host that hands in what others wrote.</summary>
    public const string Exchanger = "198.51.100.9";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly RunningConfiguration _configuration;
    private readonly OwnSources _sources;
    private readonly PartnerSources _partners;
    private readonly RouteTable _routes;
    private readonly SigningDomains _domains;
    private readonly Preparation _preparation;
    private readonly MessagePath _path;
    private readonly RecordingBed _records = new();

    public DkimBed(params DkimOptions[] entries)
        : this(entries, queue: null)
    {
    }

    public DkimBed(IReadOnlyList<DkimOptions> entries, IMessageQueue? queue, long memory = 256_000_000)
    {
        TestPki.WriteP12(_folder["office.pfx"], "secret", TestPki.Issue(Author));
        File.WriteAllText(_folder["password"], "secret");
        Directory.CreateDirectory(_folder["partners"]);
        foreach (var name in new[] { "bob", "carol", "dave" })
        {
            File.WriteAllText(_folder[$"partners/{name}.pem"], TestPki.MakeCertificatePem(TestPki.IssueFor(Domains.Select(domain => $"{name}@{domain}"), keyOwner: name)));
        }

        File.WriteAllText(_folder["trust.pem"], TestPki.MakeCertificatePem(TestPki.Chain));
        var sign = new SignOptions { With = ["office"], WhenMissing = WhenCertificateMissing.Reject };
        var encrypt = new EncryptOptions { To = ["partners"], WhenMissing = WhenRecipientMissing.Bounce };
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            DataFolder = _folder.Path,
            Memory = memory,
            Senders =
            [
                new SenderOptions { Address = ["*@example.com", "*@*.example.com", "*@notexample.com", "*@xn--bcher-kva.example"], Clients = [IPNetwork.Parse("127.0.0.0/8")] },
                new SenderOptions { Address = ["*"], Clients = [IPNetwork.Parse(Exchanger + "/32")] },
            ],
            Dkim = [.. entries.Select(WithKey)],
            Rules =
            [
                Rule("clear.example") with { Sign = sign },
                Rule("opaque.example") with { Sign = sign with { Form = SignatureForm.Opaque } },
                Rule("encrypted.example") with { Encrypt = encrypt },
                Rule("both.example") with { Sign = sign, Encrypt = encrypt },
                Rule("triple.example") with { Sign = sign, Encrypt = encrypt, Wrap = MessageWrap.Triple },
                Rule("hidden.example") with { Sign = sign, Encrypt = encrypt with { ProtectHeaders = true } },
                Rule("unencrypted.example") with { Encrypt = encrypt with { WhenMissing = WhenRecipientMissing.Pass } },
                Rule("held.example") with { Encrypt = encrypt with { WhenMissing = WhenRecipientMissing.Hold } },
                Rule("unsigned.example") with { Sign = new SignOptions { With = ["office"], Choose = new CertificateSelection { Address = "nobody@example.com" }, WhenMissing = WhenCertificateMissing.Pass } },
            ],
            Routes = [new RouteOptions { Recipients = ["*"], Folder = _folder.Path }],
            Certificates = new CertificateOptions
            {
                Own = [new() { Name = "office", Pkcs12 = _folder["office.pfx"], Password = new SecretOptions { File = _folder["password"] } }],
                Partners = [new() { Name = "partners", Folder = _folder["partners"] }],
                Trust = new TrustOptions { Roots = [_folder["trust.pem"]] },
            },
        };
        Counters = new GatewayCounters(_time);
        _sources = OwnSources.Open(options.Certificates.Own, previous: null, _time);
        _partners = PartnerSources.Open(options.Certificates, _sources, _folder.Path, previous: null, _time);
        _routes = RouteTable.Create(options.Routes, options.HostName, _time, NullLoggerFactory.Instance);
        _domains = SigningDomains.Open(options.Dkim, _time);
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_records).SetMinimumLevel(LogLevel.Debug));
        _configuration = RunningConfiguration.Build(options, Listeners.None, _sources, _partners, _routes, Counters, _time, loggers, domains: _domains);
        _preparation = new Preparation(new Protector(_time), _time, NullLogger.Instance, queue);
        _path = new MessagePath(() => _configuration, new Protector(_time), queue ?? Queue, Counters, _time, Log);
    }

    /// <summary>The domains for whose recipients there is a rule.</summary>
    public static string[] Domains { get; } = ["clear.example", "opaque.example", "encrypted.example", "both.example", "triple.example", "hidden.example", "unsigned.example"];

    public CollectingQueue Queue { get; } = new();

    public ManualTimeProvider Time => _time;

    public GatewayCounters Counters { get; }

    public CollectingLogger<MessagePath> Log { get; } = new(LogLevel.Debug);

    /// <summary>What reports say.</summary>
    public IEnumerable<string> ReportLog => _records.Lines;

    public SigningDomains SigningDomains => _domains;

    /// <summary>The DNS.</summary>
    public Dictionary<string, string> Records => _domains.All
        .Where(domain => domain.Key.Key is not null)
        .ToDictionary(domain => DkimRecord.NameOf(domain.Options.Selector, domain.Domain), domain => DkimRecord.TextOf(domain.Key.Key!));

    public HoldKey HoldKey => _configuration.HoldKey;

    public Reporter Reporter => _configuration.Delivery.Reporter;

    public string this[string file] => _folder[file];

    /// <summary>An entry; its key is made unless a file is named that lies there already, or is "absent.pem".</summary>
    public static DkimOptions Entry(string domain = "example.com", string selector = "rsa", string? key = null) =>
        new() { Domain = domain, Selector = selector, Key = new SecretOptions { File = key ?? selector + ".pem" } };

    public static string Mail(string from = Author, string fields = "", string body = "Hello Bob\r\n") =>
        $"From: {from}\r\nTo: bob@clear.example\r\nSubject: hello\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\n{fields}\r\n{body}";

    public async Task<Outcome> SendAsync(
        string mail, string recipients, string sender = Author, string client = "127.0.0.1", Func<long, CancellationToken, ValueTask<bool>>? memory = null)
    {
        Queue.Collected.Clear();
        return await _path.HandleAsync(Inbound(mail, recipients, sender, client) with { EnsureMemory = memory }, CancellationToken.None);
    }

    /// <summary>Sends a message that leaves as one.</summary>
    public async Task<ProtectedMessage> LeavesAsync(string mail, string recipients, string sender = Author, string client = "127.0.0.1")
    {
        var outcome = await SendAsync(mail, recipients, sender, client);
        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        return Queue.Collected.ShouldHaveSingleItem();
    }

    /// <summary>Prepares a message that was held.</summary>
    public ValueTask<Prepared> ReleaseAsync(string mail, string recipients) =>
        _preparation.PrepareAsync(Inbound(mail, recipients, Author, "127.0.0.1"), _configuration, PreparationKind.Held, CancellationToken.None);

    /// <summary>A message on its way through the stages.</summary>
    public PreparationWork Begin(string mail)
    {
        var message = Inbound(mail, "bob@other.example", Author, "127.0.0.1");
        var entity = Read(message.Content);
        return new PreparationWork(
            message, entity, Authorship.Read(message.Envelope.ReversePath, entity), Doubt: null, _configuration, PreparationKind.Fresh, new BoundedLog(NullLogger.Instance, "S1"))
        {
            Queue = null,
            Time = _time,
        };
    }

    /// <summary>Both judges find every signature of the messages good, and there are as many.</summary>
    public async Task ShouldVerifyAsync(int signatures, params byte[][] messages)
    {
        var verdicts = await DkimJudges.DkimpyAsync(Records, messages);
        for (var i = 0; i < messages.Length; i++)
        {
            var text = Encoding.Latin1.GetString(messages[i]);
            verdicts[i].ShouldBe(Enumerable.Repeat("good", signatures), text);
            (await DkimJudges.MimeKitAsync(Records, messages[i])).ShouldBe(Enumerable.Repeat("good", signatures), text);
        }
    }

    public static Entity Read(ReadOnlyMemory<byte> octets) =>
        Entity.TryParse(octets, MimeLimits.Standard, out var entity, out var fault) ? entity : throw new InvalidOperationException(fault.Reason);

    public async ValueTask DisposeAsync()
    {
        await _domains.DisposeAsync();
        await _partners.DisposeAsync();
        await _sources.DisposeAsync();
        await _routes.DisposeAsync();
        Queue.Dispose();
        _records.Dispose();
        _folder.Dispose();
    }

    private static InboundMessage Inbound(string mail, string recipients, string sender, string client)
    {
        var session = new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Parse(client), 4711));
        var envelope = new Envelope(PathOf(sender), [.. recipients.Split(' ').Select(address => new EnvelopeRecipient(PathOf(address)))]);
        return new InboundMessage(session, envelope, Encoding.UTF8.GetBytes(mail), TestPki.Now);
    }

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : MailPath.Null;

    private static RuleOptions Rule(string domain) => new() { Name = domain, When = new RuleConditions { Recipient = ["*@" + domain] } };

    private DkimOptions WithKey(DkimOptions entry)
    {
        var file = _folder[entry.Key.File!];
        if (!File.Exists(file) && !file.EndsWith("absent.pem", StringComparison.Ordinal))
        {
            File.WriteAllText(file, DkimKeyText.Generate(entry.Selector.StartsWith("rsa", StringComparison.Ordinal) ? 1024 : null));
        }

        return entry with { Key = new SecretOptions { File = file } };
    }

    private sealed class RecordingBed : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add($"{logLevel} {formatter(state, exception)}");

        public void Dispose() => _lines.Clear();
    }
}
