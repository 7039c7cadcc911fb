using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Unreadable;

public sealed class PartnerSourcesUnreadableTests : IAsyncDisposable
{
    private const string Bob = "bob@example.net";

    private readonly UnreadableBed _bed = new();

    public PartnerSourcesUnreadableTests()
    {
        foreach (var folder in new[] { "partners", "roots", "above", "data" })
        {
            Directory.CreateDirectory(_bed[folder]);
        }

        File.WriteAllText(_bed["roots/root.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        File.WriteAllText(_bed["above/intermediate.pem"], TestPki.MakeCertificatePem(TestPki.Intermediate));
        File.WriteAllText(_bed["partners/bob.pem"], TestPki.MakeCertificatePem(TestPki.Issue(Bob)));
    }

    public static TheoryData<string, string> Breakages { get; } = new()
    {
        { "partners", "folder" },
        { "partners", "gone" },
        { "partners/bob.pem", "file" },
        { "partners/bob.pem", "truncated" },
        { "roots", "folder" },
        { "roots", "gone" },
        { "roots/root.pem", "file" },
        { "roots/root.pem", "truncated" },
        { "above", "gone" },
        { "above/intermediate.pem", "file" },
        { "above/intermediate.pem", "truncated" },
    };

    public static TheoryData<string, string> SeenBreakages { get; } = new()
    {
        { "data/seen", "folder" },
        { "data/seen", "gone" },
        { "data/seen", "unmounted" },
        { "file", "file" },
        { "file", "truncated" },
    };

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Theory]
    [MemberData(nameof(Breakages))]
    public async Task At_the_start_a_recipient_waits_whatever_the_rule_says_and_no_more_once_it_is_mended(string place, string way)
    {
        Breakage.Break(_bed[place], way);
        Start();

        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            await MustWaitAsync(Bob, whenMissing, place);
        }

        Breakage.Mend(_bed[place]);
        await _bed.NoticeAsync(() => !_bed.IsConcealed);
        await MustEncryptAsync();
        (await EncryptAsync("dave@example.net", WhenRecipientMissing.Reject)).Reply.ToString().ShouldStartWith("550 5.7.5");
    }

    [Theory]
    [MemberData(nameof(Breakages))]
    [InlineData("partners", "unmounted")]
    [InlineData("roots", "unmounted")]
    [InlineData("above", "unmounted")]
    public async Task While_running_nothing_leaves_in_plain_text_and_nobody_is_refused(string place, string way)
    {
        Start();
        await MustEncryptAsync();

        Breakage.Break(_bed[place], way);
        await _bed.NoticeAsync(() => _bed.IsConcealed);

        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            (await EncryptAsync(Bob, whenMissing)).Reply.ToString().ShouldMatch("^(250|451 4.4.3)");
            _bed.Queue.Collected.ShouldAllBe(message => message.Protection == Protection.Encrypted);
            if (place.StartsWith("partners", StringComparison.Ordinal))
            {
                await MustWaitAsync("dave@example.net", whenMissing, place);
            }
        }

        // A certificate that comes while its roots cannot be read is judged by those that were read before.
        File.WriteAllText(_bed["late.pem"], TestPki.MakeCertificatePem(TestPki.Issue("late@example.net")));
        Breakage.Mend(_bed[place]);
        File.Move(_bed["late.pem"], _bed["partners/late.pem"]);
        await _bed.NoticeAsync(() => !_bed.IsConcealed && _bed.Partners!.Certificates.Count() == 2);
        await MustEncryptAsync("late@example.net");
    }

    [Theory]
    [MemberData(nameof(SeenBreakages))]
    public async Task Certificates_from_signed_mail_that_cannot_be_read_make_their_owner_wait(string place, string way)
    {
        var before = SeenCertificates.Open("seen", _bed["data/seen"], _bed.Time);
        before.Keep(Bob, TestPki.Public(TestPki.Issue(Bob)), TestPki.Chain, default, TestPki.Now);
        var broken = place == "file" ? Directory.GetFiles(_bed["data/seen"]).Single() : _bed[place];
        Start();

        Breakage.Break(broken, way);

        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            await MustWaitAsync(Bob, whenMissing, Path.GetFileName(broken), "seen");
        }

        Breakage.Mend(broken);
        (await EncryptAsync(Bob, WhenRecipientMissing.Reject, "seen")).Reply.Code.ShouldBe(250);
        File.Delete(Directory.GetFiles(_bed["data/seen"]).Single());
        (await EncryptAsync(Bob, WhenRecipientMissing.Reject, "seen")).Reply.ToString().ShouldStartWith("550 5.7.5");
    }

    [Fact]
    public async Task Certificates_from_signed_mail_that_could_not_be_listed_at_the_start_are_found_later()
    {
        SeenCertificates.Open("seen", _bed["data/seen"], _bed.Time).Keep(Bob, TestPki.Public(TestPki.Issue(Bob)), TestPki.Chain, default, TestPki.Now);
        Breakage.BreakFolder(_bed["data/seen"]);
        Start();
        await MustWaitAsync(Bob, WhenRecipientMissing.Pass, "seen", "seen");

        Breakage.Mend(_bed["data/seen"]);
        _bed.Time.Advance(TimeSpan.FromSeconds(10));

        (await EncryptAsync(Bob, WhenRecipientMissing.Reject, "seen")).Reply.Code.ShouldBe(250);
    }

    [Fact]
    public async Task One_recipient_of_whom_nobody_knows_makes_all_wait_that_are_missing_with_him()
    {
        SeenCertificates.Open("seen", _bed["data/seen"], _bed.Time).Keep(Bob, TestPki.Public(TestPki.Issue(Bob)), TestPki.Chain, default, TestPki.Now);
        var file = Directory.GetFiles(_bed["data/seen"]).Single();
        Start();
        Breakage.BreakFile(file);

        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            await MustWaitAsync($"dave@example.net, {Bob}", whenMissing, Path.GetFileName(file), "seen");
            await MustWaitAsync($"{Bob}, dave@example.net", whenMissing, Path.GetFileName(file), "seen");
        }

        (await EncryptAsync("dave@example.net", WhenRecipientMissing.Reject, "seen")).Reply.ToString().ShouldStartWith("550 5.7.5");
    }

    [Theory]
    [InlineData("roots/root.pem", "alone", "deleted", "folder")]
    [InlineData("roots/root.pem", "among others", "deleted", "folder")]
    [InlineData("roots/root.pem", "among others", "overwritten", "folder")]
    [InlineData("above/intermediate.pem", "alone", "deleted", "folder")]
    [InlineData("above/intermediate.pem", "among others", "deleted", "folder")]
    [InlineData("above/intermediate.pem", "among others", "overwritten", "folder")]
    [InlineData("roots/root.pem", "alone", "overwritten", "file")]
    [InlineData("above/intermediate.pem", "alone", "overwritten", "file")]
    public async Task A_root_or_intermediate_that_goes_is_trusted_no_more_and_who_needs_it_waits_until_it_is_back_or_meant(
        string place, string company, string way, string form)
    {
        var unrelated = TestPki.MakeCertificatePem(TestPki.ForHost("unrelated.example"));
        var saved = File.ReadAllText(_bed[place]);
        if (company == "among others")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(_bed[place])!, "other.pem"), unrelated);
        }

        Start(form);
        await MustEncryptAsync();

        await LoseAsync();
        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            await MustWaitAsync(Bob, whenMissing, "certificate(s) that it held went away");
            (await EncryptAsync("dave@example.net", WhenRecipientMissing.Reject)).Reply.ToString().ShouldStartWith("550 5.7.5");
        }

        File.WriteAllText(_bed[place], saved);
        await _bed.NoticeAsync(() => !_bed.IsConcealed);
        await MustEncryptAsync();

        await LoseAsync();
        _bed.AcceptLoss();
        _bed.IsConcealed.ShouldBeFalse();
        (await EncryptAsync(Bob, WhenRecipientMissing.Reject)).Reply.ToString().ShouldStartWith("550 5.7.5");

        async Task LoseAsync()
        {
            if (way == "deleted")
            {
                File.Delete(_bed[place]);
            }
            else
            {
                File.WriteAllText(_bed[place], unrelated);
            }

            await _bed.NoticeAsync(() => _bed.IsConcealed);
        }
    }

    [Fact]
    public async Task A_folder_of_partners_that_loses_its_only_file_makes_mail_wait_until_the_administrator_says_that_it_is_meant()
    {
        Start();
        await MustEncryptAsync();

        File.Move(_bed["partners/bob.pem"], _bed["bob.pem"]);
        await _bed.NoticeAsync(() => _bed.IsConcealed);
        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            await MustWaitAsync(Bob, whenMissing, "partners: it became empty");
        }

        File.Move(_bed["bob.pem"], _bed["partners/bob.pem"]);
        await _bed.NoticeAsync(() => !_bed.IsConcealed);
        await MustEncryptAsync();

        File.Delete(_bed["partners/bob.pem"]);
        _bed.AcceptLoss();
        (await EncryptAsync(Bob, WhenRecipientMissing.Reject)).Reply.ToString().ShouldStartWith("550 5.7.5");
    }

    [Fact]
    public async Task An_unreadable_file_holds_back_nobody_whose_certificate_another_source_has()
    {
        var seen = SeenCertificates.Open("seen", _bed["data/seen"], _bed.Time);
        seen.Keep("carol@example.net", TestPki.Public(TestPki.Issue("carol@example.net")), TestPki.Chain, default, TestPki.Now);
        Breakage.Truncate(_bed["partners/bob.pem"]);
        Start();

        (await EncryptAsync("carol@example.net", WhenRecipientMissing.Pass, "folder", "seen")).Reply.Code.ShouldBe(250);
        _bed.Queue.Collected.ShouldHaveSingleItem().Protection.ShouldBe(Protection.Encrypted);
        await MustWaitAsync(Bob, WhenRecipientMissing.Pass, "bob.pem", "folder", "seen");
    }

    private void Start(string form = "folder") => _bed.Start(new CertificateOptions
    {
        Partners = [new() { Name = "folder", Folder = _bed["partners"] }, new() { Name = "seen", Harvested = new HarvestOptions() }],
        Trust = form == "folder"
            ? new TrustOptions { Roots = [_bed["roots"]], Intermediates = [_bed["above"]] }
            : new TrustOptions { Roots = [_bed["roots/root.pem"]], Intermediates = [_bed["above/intermediate.pem"]] },
    });

    private Task<Outcome> EncryptAsync(string recipient, WhenRecipientMissing whenMissing, params string[] sources) =>
        _bed.EncryptAsync(recipient, new EncryptOptions { To = sources.Length == 0 ? ["folder"] : sources, WhenMissing = whenMissing, IncludeSender = false });

    private async Task MustEncryptAsync(string recipient = Bob)
    {
        (await EncryptAsync(recipient, WhenRecipientMissing.Reject)).Reply.Code.ShouldBe(250);
        _bed.Queue.Collected.ShouldHaveSingleItem().Protection.ShouldBe(Protection.Encrypted);
    }

    private async Task MustWaitAsync(string recipient, WhenRecipientMissing whenMissing, string place, params string[] sources)
    {
        var outcome = await EncryptAsync(recipient, whenMissing, sources);

        outcome.Reply.ToString().ShouldBe("451 4.4.3 a source of certificates cannot be asked now");
        outcome.Detail.ShouldContain(place);
        _bed.Queue.Collected.ShouldBeEmpty();
    }
}
