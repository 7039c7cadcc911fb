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

namespace SmimeGateway.Tests;

public sealed class MessagePathTests : IDisposable
{
    private const string Mail = "From: Alice <alice@example.com>\r\nTo: bob@example.net\r\nSubject: hello\r\nMIME-Version: 1.0\r\n\r\nHello Bob\r\n";

    private readonly TemporaryFolder _folder = new();
    private readonly CollectingQueue _queue = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly CollectingLogger<MessagePath> _log = new(LogLevel.Information);
    private readonly GatewayCounters _counters;
    private readonly string _pkcs12;

    public MessagePathTests()
    {
        _counters = new GatewayCounters(_time);
        _pkcs12 = Path.Combine(_folder.Path, "office.pfx");
        TestPki.WriteP12(_pkcs12, "secret", TestPki.Issue("alice@example.com"), TestPki.Issue("carol@example.com"), TestPki.Expired("old@example.com"));
        File.WriteAllText(Path.Combine(_folder.Path, "password"), "secret");
    }

    public void Dispose()
    {
        _queue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_message_of_a_sender_with_a_certificate_leaves_signed_by_that_certificate()
    {
        var outcome = await SendAsync(Mail, Signing());

        outcome.ShouldBeOfType<Accepted>().Reply.Code.ShouldBe(250);
        var message = _queue.Collected.ShouldHaveSingleItem();
        message.Protection.ShouldBe(Protection.ClearSigned);
        Verify(message).Signers.ShouldHaveSingleItem().Addresses.ShouldBe(["alice@example.com"]);
        Verify(message).IsGood.ShouldBeTrue();
    }

    [Theory]
    [InlineData(150, 150, true)]
    [InlineData(150, 151, false)]
    [InlineData(5_000, 3_000, true)]
    public async Task A_listener_sets_how_many_header_fields_a_message_may_have(int limit, int fields, bool isTaken)
    {
        var outcome = await SendAsync(
            "Received: by gateway.example.com\r\n" + string.Concat(Enumerable.Range(5, fields - 4).Select(number => $"X-{number}: x\r\n")) + Mail, Signing(), headerFields: limit);

        outcome.Reply.Code.ShouldBe(isTaken ? 250 : 554, outcome.Reply.ToString());
    }

    [Fact]
    public async Task An_opaque_signature_holds_the_content()
    {
        await SendAsync(Mail, Signing(sign => sign with { Form = SignatureForm.Opaque }));

        var message = _queue.Collected.ShouldHaveSingleItem();
        message.Protection.ShouldBe(Protection.OpaqueSigned);
        Verify(message).IsGood.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Final-Recipient: rfc822; bob@example.net \r\n", Protection.ClearSigned)]
    [InlineData("Final-Recipient: rfc822; b\u00C3\u00B6b@example.net\r\n", Protection.OpaqueSigned)]
    public async Task A_report_is_never_encoded_but_signed_opaque_where_it_would_not_arrive_as_it_is(string report, Protection expected)
    {
        var mail = Mail.Replace(
            "\r\n\r\n",
            "\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + report + "\r\n--b--\r\n\r\n",
            StringComparison.Ordinal).Replace("Hello Bob\r\n", "", StringComparison.Ordinal);

        await SendAsync(mail, Signing());

        var message = _queue.Collected.ShouldHaveSingleItem();
        message.Protection.ShouldBe(expected);
        Verify(message).IsGood.ShouldBeTrue();
        _log.Lines.Count(line => line.Contains("signed opaque and not clear", StringComparison.Ordinal) && line.Contains("message/delivery-status", StringComparison.Ordinal))
            .ShouldBe(expected == Protection.OpaqueSigned ? 1 : 0);
    }

    [Fact]
    public async Task Each_sender_is_signed_for_with_the_own_certificate()
    {
        await SendAsync(Mail.Replace("alice", "carol", StringComparison.Ordinal), Signing(), sender: "carol@example.com");

        Verify(_queue.Collected.Single()).Signers.Single().Addresses.ShouldBe(["carol@example.com"]);
    }

    [Theory]
    [InlineData(WhenCertificateMissing.Pass, 250)]
    [InlineData(WhenCertificateMissing.Reject, 550)]
    [InlineData(WhenCertificateMissing.Defer, 451)]
    public async Task Without_a_certificate_the_rule_says_what_happens(WhenCertificateMissing whenMissing, int code)
    {
        var outcome = await SendAsync(
            Mail.Replace("alice", "dave", StringComparison.Ordinal), Signing(sign => sign with { WhenMissing = whenMissing }), sender: "dave@example.com");

        outcome.Reply.Code.ShouldBe(code);
        _queue.Collected.Count.ShouldBe(code == 250 ? 1 : 0);
        _queue.Collected.ShouldAllBe(message => message.Protection == Protection.PassedUnsigned);
    }

    [Fact]
    public async Task An_expired_certificate_alone_signs_nothing()
    {
        var outcome = await SendAsync(
            Mail.Replace("alice", "old", StringComparison.Ordinal),
            Signing(sign => sign with { WhenMissing = WhenCertificateMissing.Reject }),
            sender: "old@example.com");

        outcome.Reply.Code.ShouldBe(550);
        outcome.Detail.ShouldContain("expired");
    }

    [Fact]
    public async Task Nobody_gets_a_signature_of_a_sender_that_is_not_granted()
    {
        var outcome = await SendAsync(Mail, Signing(), sender: "alice@example.com", client: "192.0.2.7");

        outcome.Reply.ToString().ShouldStartWith("550 5.7.1");
        _queue.Collected.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_mailboxes_in_From_are_never_signed()
    {
        await SendAsync(Mail.Replace("<alice@example.com>", "<alice@example.com>, carol@example.com", StringComparison.Ordinal), Signing());

        _queue.Collected.Single().Protection.ShouldBe(Protection.PassedUnsigned);
    }

    [Theory]
    [InlineData(WhenCertificateMissing.Reject)]
    [InlineData(WhenCertificateMissing.Defer)]
    public async Task Two_mailboxes_in_From_are_refused_for_what_they_are_where_the_rule_insists(WhenCertificateMissing whenMissing)
    {
        var mail = Mail.Replace("<alice@example.com>", "<alice@example.com>, carol@example.com", StringComparison.Ordinal);

        var outcome = await SendAsync(mail, Signing(sign => sign with { WhenMissing = whenMissing }));

        outcome.Reply.ToString().ShouldBe("550 5.7.5 the message cannot be signed: the header From names several mailboxes");
        _queue.Collected.ShouldBeEmpty();
    }

    [Fact]
    public async Task Recipients_with_the_same_decision_stay_one_message_and_others_split()
    {
        var rules = new[]
        {
            new RuleOptions { Name = "plain", When = new RuleConditions { Recipient = ["*@plain.example"] }, Pass = true },
            Signing()[0],
        };

        await SendAsync(Mail, rules, recipients: ["a@plain.example", "b@signed.example", "c@plain.example", "d@signed.example"]);

        _queue.Collected.Select(message => (message.Protection, string.Join(' ', message.Envelope.Recipients.Select(recipient => recipient.Path.Address))))
            .ShouldBe([(Protection.PassedUnchanged, "a@plain.example c@plain.example"), (Protection.ClearSigned, "b@signed.example d@signed.example")]);
    }

    [Fact]
    public async Task What_no_rule_changes_keeps_every_byte()
    {
        await SendAsync(Mail, [new RuleOptions { Name = "all", Pass = true }]);

        Encoding.ASCII.GetString(_queue.Collected.Single().Content.Span).ShouldBe(Mail);
    }

    [Fact]
    public async Task Mail_that_is_signed_already_is_kept_unless_the_rule_signs_again()
    {
        await SendAsync(Mail, Signing());
        var signed = Encoding.Latin1.GetString(_queue.Collected.Single().Content.Span);
        _queue.Collected.Clear();

        await SendAsync(signed, Signing());
        await SendAsync(signed, [Signing()[0] with { AlreadyProtected = AlreadyProtected.SignAgain }]);

        _queue.Collected.Select(message => message.Protection).ShouldBe([Protection.PassedUnchanged, Protection.ClearSigned]);
        Verify(_queue.Collected[1]).IsGood.ShouldBeTrue();
    }

    [Fact]
    public async Task A_full_queue_is_a_temporary_trouble_and_nothing_is_kept()
    {
        _queue.Refusal = "disk full";

        var outcome = await SendAsync(Mail, Signing());

        outcome.ShouldBeOfType<Deferred>().Reply.ToString().ShouldStartWith("452 4.3.1");
    }

    [Fact]
    public async Task An_unexpected_error_is_a_temporary_trouble_that_counts_until_the_next_message_is_accepted()
    {
        _counters.SinceBroken.ShouldBeNull();
        _queue.Trouble = new InvalidOperationException("nobody thought of this");

        var outcome = await SendAsync(Mail, Signing());
        _time.Advance(TimeSpan.FromSeconds(3));

        outcome.ShouldBeOfType<Deferred>().Reply.ToString().ShouldStartWith("451 4.3.0");
        _counters.Broken.ShouldBe(1);
        _counters.SinceBroken.ShouldBe(TimeSpan.FromSeconds(3));
        _queue.Trouble = null;
        (await SendAsync(Mail, Signing())).ShouldBeOfType<Accepted>();
        _counters.SinceBroken.ShouldBeNull();
    }

    [Fact]
    public async Task Mail_in_circles_is_stopped()
    {
        var received = "Received: from a by gateway.example.com with ESMTP; Mon, 1 Jan 2024 00:00:00 +0000\r\n";

        var fourth = await SendAsync(string.Concat(Enumerable.Repeat(received, 4)) + Mail, Signing());
        var second = await SendAsync(string.Concat(Enumerable.Repeat(received, 2)) + Mail, Signing());

        fourth.Reply.ToString().ShouldStartWith("554 5.4.6");
        second.Reply.Code.ShouldBe(250);
    }

    [Fact]
    public async Task Without_a_matching_rule_otherwise_decides()
    {
        var outcome = await SendAsync(Mail, [], otherwise: WhenNoRuleMatches.Reject);

        outcome.ShouldBeOfType<Rejected>().Reply.ToString().ShouldStartWith("550 5.7.1");
    }

    private static RuleOptions[] Signing(Func<SignOptions, SignOptions>? change = null)
    {
        var sign = new SignOptions { With = ["office"] };
        return [new RuleOptions { Name = "sign", When = new RuleConditions { Sender = ["*@example.com"] }, Sign = change?.Invoke(sign) ?? sign }];
    }

    private static OpenedLayer Verify(ProtectedMessage message) =>
        new Opener(new Certificates.Trusting.TrustStore([TestPki.Root], [TestPki.Intermediate]), []).Open(message.Content, TestPki.Now).Layers[0];

    private async Task<Outcome> SendAsync(
        string mail,
        RuleOptions[] rules,
        string sender = "alice@example.com",
        string[]? recipients = null,
        string client = "127.0.0.1",
        WhenNoRuleMatches otherwise = WhenNoRuleMatches.Pass,
        int headerFields = 2000)
    {
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            Listeners = [new ListenerOptions { Name = "internal", Endpoint = new IPEndPoint(IPAddress.Loopback, 25), Limits = new ListenerLimits { HeaderFields = headerFields } }],
            Senders = [new SenderOptions { Address = ["*@example.com"], Clients = [IPNetwork.Parse("127.0.0.0/8")] }],
            Rules = rules,
            Otherwise = otherwise,
            Routes = [new RouteOptions { Recipients = ["*"], Folder = _folder.Path }],
        };
        OwnCertificateOptions[] own =
            [new() { Name = "office", Pkcs12 = _pkcs12, Password = new SecretOptions { File = Path.Combine(_folder.Path, "password") } }];
        await using var sources = OwnSources.Open(own, previous: null, _time);
        await using var partners = PartnerSources.Open(options.Certificates, sources, _folder.Path, previous: null, _time);
        await using var routes = RouteTable.Create(options.Routes, options.HostName, _time, NullLoggerFactory.Instance);
        var configuration = RunningConfiguration.Build(options, Listeners.None, sources, partners, routes, _counters, _time, NullLoggerFactory.Instance);
        var path = new MessagePath(
            () => configuration, new Protector(_time), _queue, _counters, _time, _log);

        var session = new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Parse(client), 4711));
        var envelope = new Envelope(PathOf(sender), [.. (recipients ?? ["bob@example.net"]).Select(address => new EnvelopeRecipient(PathOf(address)))]);
        return await path.HandleAsync(new InboundMessage(session, envelope, Encoding.Latin1.GetBytes(mail), TestPki.Now), CancellationToken.None);
    }

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : MailPath.Null;
}
