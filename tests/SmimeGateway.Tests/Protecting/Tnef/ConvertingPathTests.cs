using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Opening;
using SmimeGateway.Protecting;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>Messages with TNEF on their way, by rules that convert it and rules that do not.</summary>
public sealed class ConvertingPathTests : IDisposable
{
    private static readonly byte[] Note = new TnefWriter().Note("Hello Bert").File("plan.pdf", [1, 2, 3]).ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly CollectingQueue _queue = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly CollectingLogger<MessagePath> _log = new(LogLevel.Debug);
    private long _mostMemory;

    public ConvertingPathTests()
    {
        TestPki.WriteP12(Path.Combine(_folder.Path, "office.pfx"), "secret", TestPki.Issue("anna@example.com"));
        File.WriteAllText(Path.Combine(_folder.Path, "password"), "secret");
    }

    public void Dispose()
    {
        _queue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_signed_is_mime_where_the_rule_converts()
    {
        await SendAsync(TnefMail.Of(Note), Rule(TnefTreatment.Convert));

        Types().ShouldBe(["text/plain", "application/pdf", "application/pkcs7-signature"]);
        _log.Lines.ShouldContain(line => line.Contains("become text, 1 file(s) and 0 message(s)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_stays_as_it_is_where_the_rule_does_not_say_so()
    {
        await SendAsync(TnefMail.Of(Note), Rule(new RuleOptions { Name = "x" }.Tnef));

        Types().ShouldBe(["text/plain", "application/ms-tnef", "application/pkcs7-signature"]);
        _log.Lines.ShouldNotContain(line => line.Contains("TNEF", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_converted_is_signed_as_it_is_and_the_log_says_why()
    {
        await SendAsync(TnefMail.Of(Note[..^3]), Rule(TnefTreatment.Convert));

        Types().ShouldBe(["text/plain", "application/ms-tnef", "application/pkcs7-signature"]);
        _log.Lines.ShouldContain(line => line.Contains("its TNEF is not converted and stays as it is: an attribute is longer than what is there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_leaves_unsigned_leaves_as_it_came()
    {
        var mail = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(TnefMail.Of(Note)).Replace("anna@", "dora@", StringComparison.Ordinal));

        await SendAsync(mail, Rule(TnefTreatment.Convert));

        _queue.Collected.ShouldHaveSingleItem().Protection.ShouldBe(Protection.PassedUnsigned);
        _queue.Collected[0].Content.ToArray().ShouldBe(mail);
    }

    [Fact]
    public async Task What_takes_memory_is_waited_for_and_refused_for_now_where_there_is_none()
    {
        var mail = TnefMail.Of(Note);

        await SendAsync(mail, Rule(TnefTreatment.Convert));
        var without = await SendAsync(mail, Rule(TnefTreatment.Convert), hasMemory: false);

        _mostMemory.ShouldBeGreaterThan(4 * mail.Length);
        without.Reply.Code.ShouldBe(452);
        _queue.Collected.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("From: anna@example.com\r\nFrom: dora@example.com\r\n")]
    [InlineData("From: ceo@elsewhere.example\r\n")]
    public async Task Whoever_may_not_be_signed_for_is_not_signed_for_by_way_of_an_object(string from)
    {
        var mail = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(TnefMail.Of(Note)).Replace("From: Anna <anna@example.com>\r\n", from, StringComparison.Ordinal));

        await SendAsync(mail, Rule(TnefTreatment.Convert));

        _queue.Collected.ShouldAllBe(message => message.SignerSerial == null);
    }

    private static RuleOptions Rule(TnefTreatment tnef) => new()
    {
        Name = "sign",
        When = new RuleConditions { Sender = ["*"] },
        Sign = new SignOptions { With = ["office"], WhenMissing = WhenCertificateMissing.Pass },
        Tnef = tnef,
    };

    private List<string> Types()
    {
        var message = _queue.Collected.ShouldHaveSingleItem();
        new Opener(new Certificates.Trusting.TrustStore([TestPki.Root], [TestPki.Intermediate]), []).Open(message.Content, TestPki.Now).Layers[0].IsGood.ShouldBeTrue();
        return [.. TnefMail.Leaves(TnefMail.Read(message.Content.ToArray())).Select(leaf => leaf.ContentType.MediaType)];
    }

    private async Task<Outcome> SendAsync(byte[] mail, RuleOptions rule, bool hasMemory = true)
    {
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            Listeners = [new ListenerOptions { Name = "internal", Endpoint = new IPEndPoint(IPAddress.Loopback, 25) }],
            Senders = [new SenderOptions { Address = ["*@example.com"], Clients = [IPNetwork.Parse("127.0.0.0/8")] }],
            Rules = [rule],
            Routes = [new RouteOptions { Recipients = ["*"], Folder = _folder.Path }],
        };
        OwnCertificateOptions[] own =
            [new() { Name = "office", Pkcs12 = Path.Combine(_folder.Path, "office.pfx"), Password = new SecretOptions { File = Path.Combine(_folder.Path, "password") } }];
        await using var sources = OwnSources.Open(own, previous: null, _time);
        await using var partners = PartnerSources.Open(options.Certificates, sources, _folder.Path, previous: null, _time);
        await using var routes = RouteTable.Create(options.Routes, options.HostName, _time, NullLoggerFactory.Instance);
        var counters = new GatewayCounters(_time);
        var configuration = RunningConfiguration.Build(options, Listeners.None, sources, partners, routes, counters, _time, NullLoggerFactory.Instance);
        var path = new MessagePath(() => configuration, new Protector(_time), _queue, counters, _time, _log);
        var envelope = new Envelope(PathOf("anna@example.com"), [new EnvelopeRecipient(PathOf("bert@partner.example"))]);
        var message = new InboundMessage(new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Loopback, 4711)), envelope, mail, TestPki.Now)
        {
            EnsureMemory = (octets, _) =>
            {
                _mostMemory = Math.Max(_mostMemory, octets);
                return ValueTask.FromResult(hasMemory);
            },
        };
        return await path.HandleAsync(message, CancellationToken.None);
    }

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : MailPath.Null;
}
