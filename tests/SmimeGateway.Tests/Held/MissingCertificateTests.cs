using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

/// <summary>What a client hears, and what is queued, when recipients without a certificate are to be held or reported.</summary>
public sealed class MissingCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CollectingQueue _queue = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public MissingCertificateTests()
    {
        Directory.CreateDirectory(_folder["partners"]);
        File.WriteAllText(_folder["partners/bob.pem"], TestPki.MakeCertificatePem(TestPki.Issue("bob@example.net")));
        TestPki.WritePem(_folder["hold.pem"], TestPki.Issue("hold@example.com"));
    }

    public void Dispose()
    {
        _queue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Held_recipients_get_a_sealed_message_in_the_transaction_of_the_others()
    {
        var outcome = await SendAsync(WhenRecipientMissing.Hold, Notify.None, "alice@example.com", "bob@example.net", "carol@example.net");

        outcome.Reply.Code.ShouldBe(250);
        _queue.Collected.Select(message => (message.Protection, message.Envelope.Recipients.Single().Path.Address))
            .ShouldBe([(Protection.Encrypted, "bob@example.net"), (Protection.Held, "carol@example.net")], ignoreOrder: true);
    }

    [Fact]
    public async Task Without_the_key_for_held_mail_the_client_keeps_the_message()
    {
        File.Delete(_folder["hold.pem"]);

        var outcome = await SendAsync(WhenRecipientMissing.Hold, Notify.None, "alice@example.com", "bob@example.net", "carol@example.net");

        outcome.Reply.ToString().ShouldBe("451 4.4.3 the message cannot be held now");
        outcome.Detail.ShouldContain(_folder["hold.pem"]);
        _queue.Collected.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reported_recipients_are_reported_in_the_transaction_of_the_others()
    {
        var outcome = await SendAsync(WhenRecipientMissing.Bounce, Notify.None, "alice@example.com", "bob@example.net", "carol@example.net");

        outcome.Reply.Code.ShouldBe(250);
        _queue.Collected.Select(message => (message.Protection, message.Envelope.Recipients.Single().Path.Address))
            .ShouldBe([(Protection.Encrypted, "bob@example.net"), (Protection.OwnReport, "alice@example.com")], ignoreOrder: true);
        var report = Encoding.UTF8.GetString(_queue.Collected.Single(message => message.Protection == Protection.OwnReport).Content.Span);
        report.ShouldContain("Final-Recipient: rfc822; carol@example.net");
        report.ShouldNotContain("bob@example.net\r\nAction");
        report.ShouldNotContain("The secret");
    }

    [Fact]
    public async Task Who_wants_no_report_is_left_out_while_the_others_get_theirs()
    {
        var outcome = await SendAsync(WhenRecipientMissing.Bounce, Notify.Never, "alice@example.com", "bob@example.net", "carol@example.net");

        outcome.Reply.Code.ShouldBe(250);
        _queue.Collected.ShouldHaveSingleItem().Protection.ShouldBe(Protection.Encrypted);
    }

    [Theory]
    [InlineData("alice@example.com", Notify.Never)]
    [InlineData("", Notify.None)]
    [InlineData("alice@unroutable.example", Notify.None)]
    public async Task Where_nobody_can_be_told_the_reply_tells(string sender, Notify notify)
    {
        var outcome = await SendAsync(WhenRecipientMissing.Bounce, notify, sender, "carol@example.net");

        outcome.Reply.ToString().ShouldBe("550 5.7.5 no certificate to encrypt to <carol@example.net>");
        _queue.Collected.ShouldBeEmpty();
    }

    private async Task<Outcome> SendAsync(WhenRecipientMissing whenMissing, Notify notify, string sender, params string[] recipients)
    {
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            DataFolder = _folder["var"],
            Senders = [new SenderOptions { Address = ["*"], Clients = [IPNetwork.Parse("127.0.0.0/8")] }],
            Certificates = new CertificateOptions
            {
                Partners = [new PartnerCertificateOptions { Name = "partners", Folder = _folder["partners"], Accept = PartnerAcceptance.All }],
            },
            Rules = [new RuleOptions { Name = "confidential", When = new RuleConditions(), Encrypt = new EncryptOptions { To = ["partners"], WhenMissing = whenMissing } }],
            Encryption = new EncryptionOptions { HoldKey = new SecretOptions { File = _folder["hold.pem"] } },
            Routes = [new RouteOptions { Recipients = ["*@example.com", "*@example.net"], Folder = _folder.Path }],
        };
        await using var sources = OwnSources.Open([], previous: null, _time);
        await using var partners = PartnerSources.Open(options.Certificates, sources, options.DataFolder, previous: null, _time);
        await using var routes = RouteTable.Create(options.Routes, options.HostName, _time, NullLoggerFactory.Instance);
        var counters = new GatewayCounters(_time);
        var configuration = RunningConfiguration.Build(options, Listeners.None, sources, partners, routes, counters, _time, NullLoggerFactory.Instance);
        var path = new MessagePath(() => configuration, new Protector(_time), _queue, counters, _time, NullLogger<MessagePath>.Instance);
        var envelope = new Envelope(
            sender.Length == 0 ? MailPath.Null : SomeQueued.Path(sender),
            [.. recipients.Select(address => new EnvelopeRecipient(SomeQueued.Path(address)) { Notify = notify })]);
        var session = new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Loopback, 4711));
        var mail = $"From: alice@example.com\r\nTo: {string.Join(", ", recipients)}\r\nSubject: hello\r\n\r\nThe secret.\r\n";
        return await path.HandleAsync(new InboundMessage(session, envelope, Encoding.ASCII.GetBytes(mail), TestPki.Now), CancellationToken.None);
    }
}
