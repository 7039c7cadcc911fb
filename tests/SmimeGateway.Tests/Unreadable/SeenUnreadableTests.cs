using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Unreadable;

/// <summary>What signed mail brought and cannot be read now is not what it never brought.</summary>
public sealed class SeenUnreadableTests : IAsyncDisposable
{
    private const string Bob = "bob@example.net";

    private readonly UnreadableBed _bed = new();

    public SeenUnreadableTests()
    {
        foreach (var folder in new[] { "partners", "roots", "above", "data" })
        {
            Directory.CreateDirectory(_bed[folder]);
        }

        File.WriteAllText(_bed["roots/root.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        File.WriteAllText(_bed["above/intermediate.pem"], TestPki.MakeCertificatePem(TestPki.Intermediate));
    }

    public static TheoryData<string, bool> Others { get; } = new()
    {
        { "untrusted", false },
        { "expired", false },
        { "not yet valid", false },
        { "for signing alone", false },
        { "usable", true },
    };

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Beside_an_unreadable_certificate_only_one_that_mail_is_encrypted_to_keeps_it_from_waiting(string other, bool isSent)
    {
        var seen = SeenCertificates.Open("seen", _bed["data/seen"], _bed.Time);
        seen.Keep(Bob, TestPki.Public(Issue(other)), TestPki.Chain, default, TestPki.Now.AddHours(-1)).ShouldBe(SeenChange.New);
        var had = Directory.GetFiles(_bed["data/seen"]);
        seen.Keep(Bob, TestPki.Public(TestPki.Issue(Bob)), TestPki.Chain, default, TestPki.Now).ShouldBe(SeenChange.New);
        var good = Directory.GetFiles(_bed["data/seen"]).Except(had).Single();
        Start();
        await MustEncryptAsync(["seen"]);

        Breakage.BreakFile(good);

        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            if (isSent)
            {
                await MustEncryptAsync(["seen"], whenMissing);
            }
            else
            {
                await MustWaitAsync(Path.GetFileName(good), ["seen"], whenMissing);
            }
        }

        Breakage.Mend(good);
        await MustEncryptAsync(["seen"]);
    }

    [Fact]
    public async Task What_a_partner_announced_is_not_nothing_while_the_folder_cannot_be_listed()
    {
        var certificate = TestPki.Public(TestPki.Issue(Bob));
        File.WriteAllText(_bed["partners/bob.pem"], TestPki.MakeCertificatePem(certificate));
        var weak = SmimeCapabilities.Of([ContentCipher.Aes128Cbc]).Encode();
        SeenCertificates.Open("seen", _bed["data/seen"], _bed.Time).Keep(Bob, certificate, TestPki.Chain, weak, TestPki.Now);
        Breakage.BreakFolder(_bed["data/seen"]);
        Start();

        await MustWaitAsync("seen", ["folder", "seen"]);

        Breakage.Mend(_bed["data/seen"]);
        _bed.Time.Advance(TimeSpan.FromSeconds(10));
        await MustEncryptAsync(["folder", "seen"]);
        _bed.Partners!.Seen[0].Recall(Bob, certificate)!.Announced.ShouldBe(TestPki.Now);
    }

    [Fact]
    public async Task A_folder_that_can_be_listed_again_rings_for_mail_that_is_held()
    {
        SeenCertificates.Open("seen", _bed["data/seen"], _bed.Time).Keep(Bob, TestPki.Public(TestPki.Issue(Bob)), TestPki.Chain, default, TestPki.Now);
        Breakage.BreakFolder(_bed["data/seen"]);
        Start();
        var rung = 0;
        _bed.Partners!.OnArrival(() => rung++);
        await MustWaitAsync("seen", ["seen"]);
        rung.ShouldBe(0);

        Breakage.Mend(_bed["data/seen"]);
        _bed.Time.Advance(TimeSpan.FromSeconds(10));
        await MustEncryptAsync(["seen"]);

        rung.ShouldBe(1);
    }

    private static X509Certificate2 Issue(string other) => other switch
    {
        "untrusted" => new TestAuthority("Stranger").Issue(Bob),
        "expired" => TestPki.Expired(Bob),
        "not yet valid" => TestPki.NotYetValid(Bob),
        "for signing alone" => TestPki.SigningOnly(Bob),
        _ => TestPki.Issue(Bob),
    };

    private void Start() => _bed.Start(new CertificateOptions
    {
        Partners = [new() { Name = "folder", Folder = _bed["partners"] }, new() { Name = "seen", Harvested = new HarvestOptions() }],
        Trust = new TrustOptions { Roots = [_bed["roots"]], Intermediates = [_bed["above"]] },
    });

    private Task<Outcome> EncryptAsync(IReadOnlyList<string> sources, WhenRecipientMissing whenMissing) =>
        _bed.EncryptAsync(Bob, new EncryptOptions { To = [.. sources], WhenMissing = whenMissing, IncludeSender = false });

    private async Task MustEncryptAsync(IReadOnlyList<string> sources, WhenRecipientMissing whenMissing = WhenRecipientMissing.Reject)
    {
        (await EncryptAsync(sources, whenMissing)).Reply.Code.ShouldBe(250);
        _bed.Queue.Collected.ShouldHaveSingleItem().Protection.ShouldBe(Protection.Encrypted);
    }

    private async Task MustWaitAsync(string place, IReadOnlyList<string> sources, WhenRecipientMissing whenMissing = WhenRecipientMissing.Pass)
    {
        var outcome = await EncryptAsync(sources, whenMissing);

        outcome.Reply.ToString().ShouldBe("451 4.4.3 a source of certificates cannot be asked now");
        outcome.Detail.ShouldContain(place);
        _bed.Queue.Collected.ShouldBeEmpty();
    }
}
