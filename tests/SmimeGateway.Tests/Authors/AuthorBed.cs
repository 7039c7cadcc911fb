using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Tests.Authors;

/// <summary>
/// A gateway that signs for a department: the client may use one address and no other, and gets signatures by the certificate of another
/// one, which it may not use.
/// </summary>
internal sealed class AuthorBed : IAsyncDisposable
{
    private static readonly Lazy<ModernIdentity> Quantum = new(() => ModernIdentity.Issue(SomeFrom.Own, ModernKind.MlDsa44, notAfter: null, SomeFrom.Other));

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly OwnSources _sources;
    private readonly PartnerSources _partners;
    private readonly RouteTable _routes;
    private readonly MessagePath _path;
    private readonly RunningConfiguration _configuration;
    private readonly Preparation _preparation;

    public AuthorBed(IReadOnlyList<RuleOptions> rules, params string[] granted)
    {
        var pkcs12 = Path.Combine(_folder.Path, "office.pfx");
        TestPki.WriteP12(pkcs12, "secret", TestPki.Issue(SomeFrom.Other), TestPki.Issue(SomeFrom.Own));
        File.WriteAllText(Path.Combine(_folder.Path, "password"), "secret");
        var partners = Directory.CreateDirectory(Path.Combine(_folder.Path, "partners")).FullName;
        File.WriteAllText(Path.Combine(partners, "bob.pem"), TestPki.Issue("bob@example.net").ExportCertificatePem());
        var trust = Path.Combine(_folder.Path, "trust.pem");
        File.WriteAllText(trust, TestPki.MakeCertificatePem(TestPki.Chain));
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            Senders = [new SenderOptions { Address = granted.Length > 0 ? granted : [SomeFrom.Own], Clients = [IPNetwork.Parse("127.0.0.0/8")] }],
            Rules = rules,
            Listeners =
            [
                new ListenerOptions { Name = "internal", Endpoint = new IPEndPoint(IPAddress.Loopback, 2525), Limits = new ListenerLimits { HeaderFields = 10_000 } },
                new ListenerOptions { Name = "narrow", Endpoint = new IPEndPoint(IPAddress.Loopback, 2526), Limits = new ListenerLimits { HeaderFields = 100 } },
            ],
            DataFolder = _folder.Path,
            Routes = [new RouteOptions { Recipients = ["*"], Folder = _folder.Path }],
            Certificates = new CertificateOptions
            {
                Partners = [new() { Name = "partners", Folder = partners }],
                Trust = new TrustOptions { Roots = [trust] },
            },
        };
        var signsTwice = rules.Any(rule => rule.Sign is { Also: SecondSignature.MlDsa });
        if (signsTwice)
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "quantum")).FullName, "own.pem"), Quantum.Value.CertificatePem + Quantum.Value.KeyPem);
        }

        OwnCertificateOptions[] own =
            [.. signsTwice ? [new OwnCertificateOptions { Name = "quantum", Folder = Path.Combine(_folder.Path, "quantum") }] : (OwnCertificateOptions[])[], new() { Name = "office", Pkcs12 = pkcs12, Password = new SecretOptions { File = Path.Combine(_folder.Path, "password") } }];
        var counters = new GatewayCounters(_time);
        _sources = OwnSources.Open(own, previous: null, _time);
        _partners = PartnerSources.Open(options.Certificates, _sources, _folder.Path, previous: null, _time);
        _routes = RouteTable.Create(options.Routes, options.HostName, _time, NullLoggerFactory.Instance);
        _configuration = RunningConfiguration.Build(options, Listeners.None, _sources, _partners, _routes, counters, _time, NullLoggerFactory.Instance);
        _preparation = new Preparation(new Protector(_time), _time, NullLogger.Instance);
        _path = new MessagePath(() => _configuration, new Protector(_time), Queue, counters, _time, Log);
    }

    /// <summary>What is said at debug level.</summary>
    public CollectingLogger<MessagePath> Log { get; } = new(LogLevel.Debug);

    public CollectingQueue Queue { get; } = new();

    /// <summary>The rule of the department.</summary>
    public static RuleOptions Signing(SignatureForm form = SignatureForm.Clear, bool protectsHeaders = false, AlreadyProtected already = AlreadyProtected.Keep) => new()
    {
        Name = "tickets",
        Sign = new SignOptions
        {
            With = ["office"],
            Choose = new CertificateSelection { Address = SomeFrom.Other },
            Form = form,
            ProtectHeaders = protectsHeaders,
            WhenMissing = WhenCertificateMissing.Reject,
        },
        AlreadyProtected = already,
    };

    public static byte[] Mail(ReadOnlySpan<byte> author, string rest = "Content-Type: text/plain\r\n\r\nHello\r\n") =>
        [.. author, .. Encoding.UTF8.GetBytes("\r\nTo: bob@example.net\r\nSubject: hello\r\nMIME-Version: 1.0\r\n" + rest)];

    public static byte[] Mail(string author, string rest = "Content-Type: text/plain\r\n\r\nHello\r\n") => Mail(Encoding.UTF8.GetBytes(author), rest);

    /// <summary>Sends a message, to recipients with blanks between them, and returns what left, with the reply.</summary>
    public async Task<(Outcome Outcome, IReadOnlyList<ProtectedMessage> Left)> SendAsync(
        byte[] message, string reversePath = SomeFrom.Own, string recipient = "bob@example.net", string listener = "internal")
    {
        Queue.Collected.Clear();
        var outcome = await _path.HandleAsync(Inbound(message, reversePath, recipient, listener), CancellationToken.None);
        return (outcome, [.. Queue.Collected]);
    }

    /// <summary>Prepares a message that was held before the rules became what they are.</summary>
    public ValueTask<Prepared> ReleaseAsync(byte[] message) =>
        _preparation.PrepareAsync(Inbound(message, SomeFrom.Own), _configuration, PreparationKind.Held, CancellationToken.None);

    private static InboundMessage Inbound(byte[] message, string reversePath, string recipient = "bob@example.net", string listener = "internal")
    {
        var session = new SmtpSessionIdentity("S1", listener, new IPEndPoint(IPAddress.Loopback, 4711));
        var from = MailPath.TryParse(reversePath, out var path) ? path : MailPath.Null;
        var to = recipient.Split(' ').Select(address => new EnvelopeRecipient(MailPath.TryParse(address, out var one) ? one : MailPath.Null));
        return new InboundMessage(session, new Envelope(from, [.. to]), message, TestPki.Now);
    }

    public async ValueTask DisposeAsync()
    {
        await _partners.DisposeAsync();
        await _sources.DisposeAsync();
        await _routes.DisposeAsync();
        Queue.Dispose();
        _folder.Dispose();
    }
}
