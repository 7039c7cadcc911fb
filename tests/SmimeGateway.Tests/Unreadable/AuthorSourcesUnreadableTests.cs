using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Unreadable;

public sealed class AuthorSourcesUnreadableTests : IAsyncDisposable
{
    private readonly UnreadableBed _bed = new();

    public AuthorSourcesUnreadableTests()
    {
        foreach (var folder in new[] { "own", "partners", "more", "data" })
        {
            Directory.CreateDirectory(_bed[folder]);
        }

        File.WriteAllText(_bed["root.pem"], TestPki.MakeCertificatePem(TestPki.Chain));
        File.WriteAllText(_bed["password"], "secret-word");
        File.WriteAllText(_bed["partners/bob.pem"], TestPki.MakeCertificatePem(TestPki.Issue("bob@example.net")));
        TestPki.WriteP12(_bed["own/office.p12"], "secret-word", TestPki.Issue("alice@example.com"));
    }

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Theory]
    [InlineData("own/office.p12", "file")]
    [InlineData("own/office.p12", "truncated")]
    [InlineData("own", "folder")]
    [InlineData("own", "gone")]
    [InlineData("more", "folder")]
    [InlineData("password", "file")]
    public async Task Mail_that_is_to_be_readable_by_its_author_waits_while_nobody_knows_how(string place, string way)
    {
        if (place == "more")
        {
            File.Delete(_bed["own/office.p12"]);
        }

        Breakage.Break(_bed[place], way);
        Start();

        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            var outcome = await EncryptAsync(whenMissing);

            outcome.Reply.ToString().ShouldBe("451 4.4.3 a source of certificates cannot be asked now");
            outcome.Detail.ShouldContain(Path.GetFileName(place));
            _bed.Queue.Collected.ShouldBeEmpty();
        }

        (await EncryptAsync(WhenRecipientMissing.Reject, includesSender: false)).Reply.Code.ShouldBe(250);
        Breakage.Mend(_bed[place]);
        await _bed.NoticeAsync(() => !_bed.IsConcealed);
        (await EncryptAsync(WhenRecipientMissing.Reject)).Reply.Code.ShouldBe(250);
    }

    [Fact]
    public async Task An_author_who_is_known_elsewhere_or_has_no_certificate_anywhere_waits_for_nothing()
    {
        // Both folders keep somebody else: one that loses its last file is no empty one.
        TestPki.WriteP12(_bed["own/carol.p12"], "secret-word", TestPki.Issue("carol@example.com"));
        Breakage.BreakFolder(_bed["own"]);
        File.WriteAllText(_bed["more/dave.pem"], TestPki.MakeCertificatePem(TestPki.Issue("dave@example.net")));
        File.WriteAllText(_bed["more/alice.pem"], TestPki.MakeCertificatePem(TestPki.Issue("alice@example.com")));
        Start();

        (await EncryptAsync(WhenRecipientMissing.Reject)).Reply.Code.ShouldBe(250);

        Breakage.Mend(_bed["own"]);
        File.Delete(_bed["own/office.p12"]);
        File.Delete(_bed["more/alice.pem"]);
        await _bed.NoticeAsync(() => !_bed.IsConcealed && _bed.Partners!.Certificates.Count() == 2 && _bed.Own!.All.Single().All.Count == 1);

        (await EncryptAsync(WhenRecipientMissing.Reject)).Reply.Code.ShouldBe(250);
        _bed.Queue.Collected.ShouldHaveSingleItem().Protection.ShouldBe(Protection.Encrypted);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("file")]
    public async Task Mail_waits_for_an_authority_that_cannot_be_opened_as_it_may_have_issued_for_the_author(string way)
    {
        var authority = new OwnCertificateOptions { Name = "local", Authority = _bed["ca"], IssueFor = ["*@example.com"] };
        await OwnSources.Open([authority], previous: null, _bed.Time).DisposeAsync();
        Breakage.Break(_bed[way == "folder" ? "ca" : "ca/authority.pem"], way);
        Start(authority);

        foreach (var whenMissing in Enum.GetValues<WhenRecipientMissing>())
        {
            var outcome = await EncryptAsync(whenMissing);

            outcome.Reply.ToString().ShouldBe("451 4.4.3 a source of certificates cannot be asked now");
            _bed.Queue.Collected.ShouldBeEmpty();
        }

        (await EncryptAsync(WhenRecipientMissing.Reject, includesSender: false)).Reply.Code.ShouldBe(250);
    }

    private void Start() => Start(new() { Name = "own", Folder = _bed["own"], Password = new SecretOptions { File = _bed["password"] } });

    private void Start(OwnCertificateOptions own) => _bed.Start(new CertificateOptions
    {
        Own = [own],
        Partners = [new() { Name = "folder", Folder = _bed["partners"] }, new() { Name = "more", Folder = _bed["more"] }],
        Trust = new TrustOptions { Roots = [_bed["root.pem"]] },
    });

    private Task<Outcome> EncryptAsync(WhenRecipientMissing whenMissing, bool includesSender = true) => _bed.EncryptAsync(
        "bob@example.net", new EncryptOptions { To = ["folder", "more"], WhenMissing = whenMissing, IncludeSender = includesSender });
}
