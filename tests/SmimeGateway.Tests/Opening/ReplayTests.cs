using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Opening;
using SmimeGateway.Protecting;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Secrecy;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Opening;

/// <summary>Whoever once got a signed message of a partner can send it to us again, whenever he likes and without any right.</summary>
public sealed class ReplayTests : IAsyncDisposable
{
    private const string Bob = "bob@partner.example";
    private const string Marker = "marker@partner.example";

    private static readonly ContentCipher[] Modern = [ContentCipher.Aes256Gcm, ContentCipher.Aes256Cbc];
    private static readonly X509Certificate2 Current = TestPki.Issue(Bob, keyOwner: "Bob's current one");
    private static readonly X509Certificate2 Former = TestPki.Issue(Bob, keyOwner: "Bob's former one");
    private static readonly DateTimeOffset LastYear = TestPki.Now.AddYears(-1);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly RecordingLoggers _log = new();
    private readonly OwnSources _own;
    private readonly PartnerSources _partners;
    private readonly Harvest _harvest;

    public ReplayTests()
    {
        File.WriteAllText(_folder["roots.pem"], TestPki.MakeCertificatePem([TestPki.Root, TestPki.Intermediate]));
        Directory.CreateDirectory(_folder["partners"]);
        File.WriteAllText(_folder["partners/bob.pem"], TestPki.MakeCertificatePem(TestPki.Public(Current)));
        _own = OwnSources.Open([], previous: null, _time);
        _partners = PartnerSources.Open(
            new CertificateOptions
            {
                Partners = [new() { Name = "folder", Folder = _folder["partners"] }, new() { Name = "seen", Harvested = new HarvestOptions() }],
                Trust = new TrustOptions { Roots = [_folder["roots.pem"]] },
            },
            _own,
            _folder.Path,
            previous: null,
            _time);
        _harvest = new Harvest(new GatewayCounters(), _time, _log.CreateLogger<Harvest>());
    }

    public static TheoryData<string> Replays => [.. Mails.Keys];

    private static Dictionary<string, Func<byte[]>> Mails => new()
    {
        ["3DES alone, last year"] = () => SomeSigned.Mail(
            Bob, Current, new SignerOptions { Chain = TestPki.Chain, Capabilities = new SmimeCapabilities([new("1.2.840.113549.3.7")]) }, LastYear),
        ["CBC alone, last year"] = () => SomeSigned.Announcing(Bob, Current, LastYear, ContentCipher.Aes128Cbc),
        ["CBC alone, before the last message"] = () => SomeSigned.Announcing(Bob, Current, TestPki.Now.AddHours(-2), ContentCipher.Aes128Cbc),
        ["nothing that is known, before the last message"] = () => SomeSigned.Announcing(Bob, Current, TestPki.Now.AddHours(-2), ContentCipher.Aes192Gcm),
        ["a former certificate, last year"] = () => SomeSigned.Announcing(Bob, Former, LastYear, ContentCipher.Aes128Cbc),
        ["a former certificate, before the last message"] = () => SomeSigned.Announcing(Bob, Former, TestPki.Now.AddHours(-2), ContentCipher.Aes128Cbc),
        ["from the future"] = () => SomeSigned.Announcing(Bob, Current, TestPki.Now.AddYears(1), ContentCipher.Aes128Cbc),
        ["without a time"] = () => SomeSigned.WithoutTime(Bob, Current),
        ["a former certificate without a time"] = () => SomeSigned.WithoutTime(Bob, Former),
    };

    public async ValueTask DisposeAsync()
    {
        await _harvest.DisposeAsync();
        await _partners.DisposeAsync();
        await _own.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Replays))]
    public async Task A_replayed_message_neither_blocks_encryption_nor_weakens_it_nor_adds_a_key(string replay)
    {
        await ReceiveAsync(SomeSigned.Announcing(Bob, Current, TestPki.Now.AddHours(-1), Modern));
        var before = await DescribeAllAsync();
        before.ShouldContain($"folder seen: Aes256Gcm to {Current.Thumbprint}");
        before.ShouldContain($"seen: Aes256Gcm to {Current.Thumbprint}");
        before.ShouldContain($"folder: Aes256Cbc to {Current.Thumbprint}");

        await ReceiveAsync(Mails[replay]());

        (await DescribeAllAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Replays))]
    public async Task Of_a_partner_of_whom_no_signed_mail_is_known_a_replayed_message_changes_nothing_where_the_rule_names_only_a_folder(string replay)
    {
        await ReceiveAsync(Mails[replay]());

        (await DescribeAllAsync()).ShouldContain($"folder: Aes256Cbc to {Current.Thumbprint}");
        (await DescribeAllAsync()).ShouldContain(line => line.StartsWith("folder seen: ") && line.EndsWith($" to {Current.Thumbprint}"));
    }

    [Fact]
    public async Task What_was_signed_last_year_makes_nobody_known()
    {
        await ReceiveAsync(SomeSigned.Announcing(Bob, Former, LastYear, Modern));

        (await DescribeAllAsync()).ShouldContain("seen: nothing");
    }

    [Fact]
    public async Task What_its_owner_announces_later_counts_and_is_a_line_in_the_log()
    {
        await ReceiveAsync(SomeSigned.Announcing(Bob, Current, TestPki.Now.AddHours(-1), Modern));

        await ReceiveAsync(SomeSigned.Announcing(Bob, Current, TestPki.Now.AddMinutes(-1), ContentCipher.Aes128Cbc, ContentCipher.Aes256Cbc));

        (await DescribeAllAsync()).ShouldContain($"folder seen: Aes128Cbc to {Current.Thumbprint}");
        _log.Lines.ShouldContain(line => line.Contains(
            $"{Bob} announced in signed mail to read AES-128-CBC, AES-256-CBC (signed 2026-11-20 11:59:00), until now AES-256-GCM, AES-256-CBC"));
    }

    [Fact]
    public async Task Who_announces_nothing_that_may_be_used_is_still_written_to()
    {
        await ReceiveAsync(SomeSigned.Mail(
            Bob, Current, new SignerOptions { Chain = TestPki.Chain, Capabilities = new SmimeCapabilities([new("1.2.840.113549.3.7")]) }, TestPki.Now));

        (await DescribeAllAsync()).ShouldContain($"folder seen: Aes256Cbc to {Current.Thumbprint}");
    }

    // The harvest works in order: when the marker after a message is kept, the message was looked at.
    private async Task ReceiveAsync(byte[] message)
    {
        _harvest.Offer("S1", message, ExistingProtection.OpaqueSigned, TestPki.Now, _partners);
        var marker = TestPki.Issue(Marker);
        _harvest.Offer("S2", SomeSigned.Mail(Marker, marker, signed: _time.GetUtcNow()), ExistingProtection.OpaqueSigned, TestPki.Now, _partners);
        await Eventually.TrueAsync(() => _partners.Seen[0].Recall(Marker, marker) is not null);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<IReadOnlyList<string>> DescribeAllAsync()
    {
        var lines = new List<string>();
        Entity.TryParse(Encoding.ASCII.GetBytes($"To: {Bob}\r\n\r\nx\r\n"), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        foreach (var to in new string[][] { ["folder"], ["seen"], ["folder", "seen"], ["seen", "folder"] })
        {
            var terms = new EncryptTerms(new EncryptOptions { To = to }, new EncryptionOptions());
            MailPath.TryParse(Bob, out var path).ShouldBeTrue();
            var located = (await new PartnerLocator(_partners, _own, _time).FindAsync(terms, [new EnvelopeRecipient(path)], default)).ShouldHaveSingleItem();
            var visible = new VisibleRecipients(entity.Header);
            lines.Add($"{string.Join(' ', to)}: " + (located.IsMissing
                ? "nothing"
                : $"{EncryptionPlan.Form(terms, [located], author: null, visible).Single().Cipher} to {string.Join(' ', located.Certificates.Select(one => one.Traits.Thumbprint))}"));
        }

        return lines;
    }
}
