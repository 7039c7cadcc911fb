using System.Net;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Deciding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests;

public sealed class EncryptingPathTests : IDisposable
{
    private const string Mail = "From: Alice <alice@example.com>\r\nTo: bob@example.net, carol@example.net\r\nBcc: dave@example.net\r\nSubject: hello\r\n\r\nGeheim\r\n";

    private static readonly X509Certificate2 Bob = TestPki.Issue("bob@example.net", keyOwner: "bob");
    private static readonly X509Certificate2 Carol = TestPki.Issue("carol@example.net", keyOwner: "carol");
    private static readonly X509Certificate2 Dave = TestPki.Issue("dave@example.net", keyOwner: "dave");

    private readonly TemporaryFolder _folder = new();
    private readonly CollectingQueue _queue = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly string _partners;

    public EncryptingPathTests()
    {
        _partners = Path.Combine(_folder.Path, "partners");
        Directory.CreateDirectory(_partners);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "trust"));
        File.WriteAllText(Path.Combine(_folder.Path, "trust", "all.pem"), TestPki.MakeCertificatePem(TestPki.Root));
        File.WriteAllText(Path.Combine(_folder.Path, "intermediate.pem"), TestPki.MakeCertificatePem(TestPki.Intermediate));
        TestPki.WriteP12(Path.Combine(_folder.Path, "office.pfx"), "secret", TestPki.Issue("alice@example.com"));
        File.WriteAllText(Path.Combine(_folder.Path, "password"), "secret");
        Know(Bob, "bob");
        Know(Carol, "carol");
    }

    public void Dispose()
    {
        _queue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_message_leaves_encrypted_to_exactly_its_recipients_and_the_author()
    {
        var outcome = await SendAsync(new EncryptOptions { To = ["folder"] }, recipients: ["bob@example.net", "carol@example.net"]);

        outcome.Reply.Code.ShouldBe(250);
        var message = _queue.Collected.ShouldHaveSingleItem();
        message.Protection.ShouldBe(Protection.SignedAndEncrypted);
        Envelope(message).RecipientInfos.Count.ShouldBe(3);
        Open(message, Bob).ShouldContain("Geheim");
        Open(message, Carol).ShouldContain("multipart/signed");
        Encoding.ASCII.GetString(message.Content.Span).ShouldNotContain("Geheim");
    }

    [Fact]
    public async Task A_blind_recipient_has_a_message_of_his_own_and_stands_in_no_header()
    {
        Know(Dave, "dave");

        await SendAsync(new EncryptOptions { To = ["folder"], IncludeSender = false }, recipients: ["bob@example.net", "dave@example.net", "carol@example.net"]);

        _queue.Collected.Select(message => message.Envelope.Recipients.Count).ShouldBe([2, 1]);
        var (seen, blind) = (_queue.Collected[0], _queue.Collected[1]);
        Envelope(seen).RecipientInfos.Count.ShouldBe(2);
        Envelope(blind).RecipientInfos.Count.ShouldBe(1);
        Open(blind, Dave).ShouldContain("Geheim");
        foreach (var message in _queue.Collected)
        {
            (Encoding.ASCII.GetString(message.Content.Span) + (message == seen ? Open(seen, Bob) : Open(blind, Dave))).ShouldNotContain("dave@");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(ProtectingStep.SignedInside))]
    [InlineData(nameof(ProtectingStep.Encrypted))]
    [InlineData(nameof(ProtectingStep.ProvedEncrypted))]
    public async Task Versions_too_many_for_memory_leave_as_one_transaction_and_where_one_of_them_fails_none_is_left(string? failing)
    {
        Know(Dave, "dave");
        await using var bed = new Queueing.QueueBed();
        var protector = new Protector(_time)
        {
            // The second version fails, when one has been laid down; what all have in common fails at once.
            Reached = step =>
            {
                if (step.ToString() == failing && (step == ProtectingStep.SignedInside || Laid(bed).Any()))
                {
                    throw new InvalidOperationException("broken");
                }
            },
        };

        var outcome = await SendAsync(
            new EncryptOptions { To = ["folder"], IncludeSender = false }, recipients: ["bob@example.net", "dave@example.net"], protector: protector, queue: bed.Queue, memoryOctets: 1000);

        if (failing is not null)
        {
            outcome.Reply.Code.ShouldBe(451);
            (Laid(bed).Count(), bed.Queue.Summarize().Messages).ShouldBe((0, 0));
            return;
        }

        outcome.Reply.Code.ShouldBe(250);
        Laid(bed).Count().ShouldBe(2);
        var left = await Queueing.Mail.DrainAsync(bed.Queue);
        left.Select(message => message.Envelope.Recipients.Single().Path.Address).ShouldBe(["bob@example.net", "dave@example.net"], ignoreOrder: true);
        left.ShouldAllBe(message => message.Protection == Protection.SignedAndEncrypted);
    }

    private static IEnumerable<string> Laid(Queueing.QueueBed bed) => bed.Disk.List().Where(name => name.EndsWith(".message", StringComparison.Ordinal));

    [Theory]
    [InlineData(WhenRecipientMissing.Reject, "550 5.7.5")]
    [InlineData(WhenRecipientMissing.Defer, "451 4.7.5")]
    public async Task Without_a_certificate_for_one_recipient_the_whole_message_stays_with_the_client(WhenRecipientMissing whenMissing, string reply)
    {
        var outcome = await SendAsync(new EncryptOptions { To = ["folder"], WhenMissing = whenMissing }, recipients: ["bob@example.net", "dave@example.net"]);

        outcome.Reply.ToString().ShouldStartWith(reply);
        outcome.Reply.ToString().ShouldContain("dave@example.net");
        outcome.Reply.ToString().ShouldNotContain("bob@example.net");
        _queue.Collected.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_rule_says_so_recipients_without_a_certificate_get_the_message_signed_only()
    {
        await SendAsync(new EncryptOptions { To = ["folder"], WhenMissing = WhenRecipientMissing.Pass }, recipients: ["bob@example.net", "dave@example.net"]);

        _queue.Collected.Select(message => message.Protection).ShouldBe([Protection.ClearSigned, Protection.SignedAndEncrypted], ignoreOrder: true);
    }

    [Theory]
    [InlineData(true, true, ContentCipher.Aes256Gcm)]
    [InlineData(true, false, ContentCipher.Aes256Cbc)]
    [InlineData(false, true, ContentCipher.Aes256Cbc)]
    public async Task What_signed_mail_announced_counts_for_that_certificate_in_a_folder_where_the_rule_names_both(
        bool isThatCertificate, bool namesBoth, ContentCipher cipher)
    {
        var seen = SeenCertificates.Open("seen", Path.Combine(_folder.Path, "seen"), _time);
        var announcing = isThatCertificate ? Bob : TestPki.Issue("bob@example.net", keyOwner: "another of Bob's");
        seen.Keep("bob@example.net", announcing, TestPki.Chain, SmimeCapabilities.Of([ContentCipher.Aes256Gcm, ContentCipher.Aes256Cbc]).Encode(), TestPki.Now);
        await seen.DisposeAsync();

        await SendAsync(new EncryptOptions { To = namesBoth ? ["folder", "seen"] : ["folder"], IncludeSender = false }, recipients: ["bob@example.net"]);

        var message = _queue.Collected.ShouldHaveSingleItem();
        Entity.TryParse(message.Content, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        Pkcs7Mime.TryRead(entity, out var cms, out _).ShouldBeTrue();
        EnvelopedData.TryRead(cms, out var enveloped, out _).ShouldBeTrue();
        enveloped.IsAuthenticated.ShouldBe(cipher == ContentCipher.Aes256Gcm);
        enveloped.TryDecrypt([Bob], allowWeakCiphers: false, out _, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_triple_wrapped_message_is_signed_inside_and_outside()
    {
        await SendAsync(new EncryptOptions { To = ["folder"] }, recipients: ["bob@example.net"], wrap: MessageWrap.Triple);

        var message = _queue.Collected.ShouldHaveSingleItem();
        message.Protection.ShouldBe(Protection.TripleWrapped);
        Entity.TryParse(message.Content, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        MultipartSigned.TryRead(entity, out var part, out var signature, out _).ShouldBeTrue();
        var outer = new SignedCms(new ContentInfo(part.ToArray()), detached: true);
        outer.Decode(signature);
        outer.CheckSignature(verifySignatureOnly: true);
        Entity.TryParse(part, MimeLimits.Standard, out var enveloped, out _).ShouldBeTrue();
        Decrypt(enveloped, Bob).ShouldContain("multipart/signed");
    }

    [Fact]
    public async Task A_message_that_arrives_signed_is_encrypted_with_its_signature_and_its_subject_hidden()
    {
        var signed = ArrivedMail.Clear;
        const string Fields = "From: alice@example.com\r\nTo: bob@example.net\r\nSubject: hello\r\n";

        await SendAsync(new EncryptOptions { To = ["folder"], ProtectHeaders = true }, recipients: ["bob@example.net"], mail: Fields + signed);

        var message = _queue.Collected.ShouldHaveSingleItem();
        message.Protection.ShouldBe(Protection.Encrypted);
        Encoding.ASCII.GetString(message.Content.Span).ShouldContain("Subject: [...]");
        Encoding.ASCII.GetString(message.Content.Span).ShouldNotContain("hello");
        var opened = Open(message, Bob);
        opened.ShouldContain("Subject: hello");
        opened.ShouldContain("hp=\"cipher\"");
        opened.ShouldContain("multipart/mixed");
        opened.ShouldContain(signed);
    }

    [Theory]
    [MemberData(nameof(SubjectFormsTests.Forms), MemberType = typeof(SubjectFormsTests))]
    public async Task Nobody_sees_the_word_that_asked_for_encryption_inside_or_outside(string form, string header)
    {
        foreach (var protectHeaders in new[] { true, false })
        {
            var mail = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes($"From: alice@example.com\r\nTo: bob@example.net\r\n{header}\r\n\r\nGeheim\r\n"));

            var outcome = await SendAsync(
                new EncryptOptions { To = ["folder"], ProtectHeaders = protectHeaders }, ["bob@example.net"], mail: mail, when: new RuleConditions { Subject = ["[gr\u00FCn]*"] });

            outcome.Reply.Code.ShouldBe(250, $"{form}: {outcome.Detail}");
            var message = _queue.Collected[^1];
            message.Protection.ShouldBe(Protection.SignedAndEncrypted);
            Subjects(message.Content.ToArray()).ShouldNotContain("gr", Case.Insensitive, form);
            Subjects(Encoding.Latin1.GetBytes(Open(message, Bob))).ShouldNotContain("gr", Case.Insensitive, form);
            if (protectHeaders)
            {
                Subjects(message.Content.ToArray()).ShouldNotContain("plan", Case.Insensitive, form);
                Subjects(Encoding.Latin1.GetBytes(Open(message, Bob))).ShouldContain("plan", Case.Insensitive, form);
            }
        }
    }

    [Theory]
    [InlineData(nameof(ProtectingStep.Split))]
    [InlineData(nameof(ProtectingStep.SignedInside))]
    [InlineData(nameof(ProtectingStep.ProvedInside))]
    [InlineData(nameof(ProtectingStep.KeyEncrypted))]
    [InlineData(nameof(ProtectingStep.Encrypted))]
    [InlineData(nameof(ProtectingStep.ProvedEncrypted))]
    [InlineData(nameof(ProtectingStep.SignedOutside))]
    [InlineData(nameof(ProtectingStep.ProvedOutside))]
    public async Task When_a_step_breaks_nothing_leaves(string broken)
    {
        var protector = new Protector(_time) { Reached = step => Break(step, Enum.Parse<ProtectingStep>(broken)) };

        var outcome = await SendAsync(new EncryptOptions { To = ["folder"] }, recipients: ["bob@example.net"], wrap: MessageWrap.Triple, protector);

        outcome.Reply.ToString().ShouldStartWith("451 4.3.0");
        _queue.Collected.ShouldBeEmpty();
    }

    private static void Break(ProtectingStep step, ProtectingStep broken)
    {
        if (step == broken)
        {
            throw new InvalidOperationException("broken");
        }
    }

    private static EnvelopedCms Envelope(ProtectedMessage message)
    {
        Entity.TryParse(message.Content, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return Envelope(entity);
    }

    private static EnvelopedCms Envelope(Entity entity)
    {
        Pkcs7Mime.TryRead(entity, out var cms, out _).ShouldBeTrue();
        var envelope = new EnvelopedCms();
        envelope.Decode(cms);
        return envelope;
    }

    private static string Open(ProtectedMessage message, X509Certificate2 recipient)
    {
        Entity.TryParse(message.Content, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return Decrypt(entity, recipient);
    }

    private static string Decrypt(Entity entity, X509Certificate2 recipient)
    {
        var envelope = Envelope(entity);
        envelope.Decrypt([recipient]);
        return Encoding.ASCII.GetString(envelope.ContentInfo.Content);
    }

    [Theory]
    [InlineData(MessageWrap.SignThenEncrypt, SignatureForm.Clear)]
    [InlineData(MessageWrap.SignThenEncrypt, SignatureForm.Opaque)]
    [InlineData(MessageWrap.Triple, SignatureForm.Clear)]
    [InlineData(MessageWrap.Triple, SignatureForm.Opaque)]
    public async Task Memory_for_every_version_is_there_before_the_first_is_made(MessageWrap wrap, SignatureForm form)
    {
        string[] recipients = [.. Enumerable.Range(0, 20).Select(number => $"blind{number}@example.net")];
        foreach (var recipient in recipients)
        {
            Know(TestPki.Issue(recipient, keyOwner: "bob"), recipient);
        }

        var steps = new List<object>();
        var mail = Mail + string.Concat(Enumerable.Repeat("A line of no interest that makes the message long.\r\n", 2_000));
        await SendAsync(
            new EncryptOptions { To = ["folder"], IncludeSender = false }, recipients, wrap, new Protector(_time) { Reached = step => steps.Add(step) }, mail, form: form,
            memory: (octets, _) =>
            {
                steps.Add(octets);
                return ValueTask.FromResult(true);
            });

        _queue.Collected.Count.ShouldBe(recipients.Length);
        var beforeAny = steps.TakeWhile(step => step is long).Cast<long>().Last();
        beforeAny.ShouldBeGreaterThanOrEqualTo(mail.Length + _queue.Collected.Sum(message => (long)message.Content.Length));
        steps.OfType<long>().Max().ShouldBe(beforeAny);
    }

    [Fact]
    public async Task A_message_whose_versions_find_no_memory_stays_with_the_client()
    {
        var outcome = await SendAsync(new EncryptOptions { To = ["folder"] }, ["bob@example.net"], memory: (_, _) => ValueTask.FromResult(false));

        outcome.Reply.ToString().ShouldStartWith("452 4.3.1");
        outcome.ShouldBeOfType<Deferred>();
        _queue.Collected.ShouldBeEmpty();
    }

    private void Know(X509Certificate2 certificate, string name) =>
        File.WriteAllBytes(Path.Combine(_partners, name + ".cer"), certificate.RawData);

    private async Task<Outcome> SendAsync(
        EncryptOptions encrypt, string[] recipients, MessageWrap wrap = MessageWrap.SignThenEncrypt, Protector? protector = null, string mail = Mail,
        RuleConditions? when = null, SignatureForm form = SignatureForm.Clear, Func<long, CancellationToken, ValueTask<bool>>? memory = null,
        IMessageQueue? queue = null, long memoryOctets = 256_000_000)
    {
        var options = new GatewayOptions
        {
            HostName = "gateway.example.com",
            Memory = memoryOctets,
            DataFolder = _folder.Path,
            Senders = [new SenderOptions { Address = ["*@example.com"], Clients = [IPNetwork.Parse("127.0.0.0/8")] }],
            Rules = [new RuleOptions { Name = "encrypt", When = when ?? new(), RemoveTrigger = when is not null, Sign = new SignOptions { With = ["office"], Form = form }, Encrypt = encrypt, Wrap = wrap }],
            Routes = [new RouteOptions { Recipients = ["*"], Folder = _folder.Path }],
            Certificates = new CertificateOptions
            {
                Own = [new() { Name = "office", Pkcs12 = Path.Combine(_folder.Path, "office.pfx"), Password = new SecretOptions { File = Path.Combine(_folder.Path, "password") } }],
                Partners = [new() { Name = "folder", Folder = _partners }, new() { Name = "seen", Harvested = new HarvestOptions() }],
                Trust = new TrustOptions { Roots = [Path.Combine(_folder.Path, "trust")], Intermediates = [Path.Combine(_folder.Path, "intermediate.pem")] },
            },
        };
        await using var sources = OwnSources.Open(options.Certificates.Own, previous: null, _time);
        await using var partners = PartnerSources.Open(options.Certificates, sources, _folder.Path, previous: null, _time);
        await using var routes = RouteTable.Create(options.Routes, options.HostName, _time, NullLoggerFactory.Instance);
        var counters = new GatewayCounters(_time);
        var configuration = RunningConfiguration.Build(options, Listeners.None, sources, partners, routes, counters, _time, NullLoggerFactory.Instance);
        var path = new MessagePath(
            () => configuration, protector ?? new Protector(_time), queue ?? _queue, counters, _time, NullLogger<MessagePath>.Instance);
        var session = new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Loopback, 4711));
        var envelope = new Envelope(PathOf("alice@example.com"), [.. recipients.Select(address => new EnvelopeRecipient(PathOf(address)))]);
        var message = new InboundMessage(session, envelope, Encoding.Latin1.GetBytes(mail), TestPki.Now) { EnsureMemory = memory };
        return await path.HandleAsync(message, CancellationToken.None);
    }

    // All subjects of a message and its parts, as another program reads them.
    private static string Subjects(byte[] message)
    {
        using var stream = new MemoryStream(message);
        using var read = MimeKit.MimeMessage.Load(stream);
        return string.Join('\n', read.Headers.Concat(Entities(read).SelectMany(entity => entity.Headers))
            .Where(header => header.Field.Contains("Subject", StringComparison.OrdinalIgnoreCase) || header.Field.Contains("Outer", StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value));
    }

    private static IEnumerable<MimeKit.MimeEntity> Entities(MimeKit.MimeMessage message)
    {
        using var iterator = new MimeKit.MimeIterator(message);
        while (iterator.MoveNext())
        {
            yield return iterator.Current;
        }
    }

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : MailPath.Null;
}
