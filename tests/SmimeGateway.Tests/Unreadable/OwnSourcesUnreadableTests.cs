using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Unreadable;

public sealed class OwnSourcesUnreadableTests : IAsyncDisposable
{
    private readonly UnreadableBed _bed = new();

    public OwnSourcesUnreadableTests()
    {
        Directory.CreateDirectory(_bed["own"]);
        Directory.CreateDirectory(_bed["secrets"]);
        TestPki.WriteP12(_bed["own/office.p12"], "secret-word", TestPki.Issue("alice@example.com"), TestPki.Issue("carol@example.com"));
        File.WriteAllText(_bed["secrets/password"], "secret-word");
        TestPki.WritePem(_bed["own/edi.pem"], TestPki.Issue("alice@example.com"), "secret-word");
    }

    public static TheoryData<string, string, string> Breakages { get; } = new()
    {
        { "folder", "own", "folder" },
        { "folder", "own", "gone" },
        { "folder", "own/office.p12", "file" },
        { "folder", "own/office.p12", "truncated" },
        { "folder", "own/edi.pem", "file" },
        { "folder", "own/edi.pem", "truncated" },
        { "folder", "secrets/password", "file" },
        { "folder", "secrets/password", "other" },
        { "folder", "secrets", "gone" },
        { "pkcs12", "own", "folder" },
        { "pkcs12", "own", "gone" },
        { "pkcs12", "own", "unmounted" },
        { "pkcs12", "own/office.p12", "file" },
        { "pkcs12", "own/office.p12", "truncated" },
        { "pkcs12", "secrets/password", "file" },
        { "pkcs12", "secrets/password", "other" },
        { "pkcs12", "secrets", "folder" },
        { "pkcs12", "secrets", "gone" },
        { "pkcs12", "secrets", "unmounted" },
        { "pem", "own", "gone" },
        { "pem", "own/edi.pem", "file" },
        { "pem", "own/edi.pem", "truncated" },
        { "pem", "secrets/password", "other" },
        { "pem", "secrets", "gone" },
    };

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Theory]
    [MemberData(nameof(Breakages))]
    public async Task At_the_start_everybody_waits_whatever_the_rule_says_and_nobody_any_more_once_it_is_mended(string kind, string place, string way)
    {
        // The folder holds one readable certificate of nobody in question.
        TestPki.WritePem(_bed["own/zoe.pem"], TestPki.Issue("zoe@example.com"), "secret-word");
        if (kind == "folder")
        {
            File.Delete(_bed[place.EndsWith("edi.pem", StringComparison.Ordinal) ? "own/office.p12" : "own/edi.pem"]);
        }

        Breakage.Break(_bed[place], way);
        _bed.Start(new CertificateOptions { Own = [Source(kind)] });

        foreach (var whenMissing in Enum.GetValues<WhenCertificateMissing>())
        {
            await MustWaitAsync("alice@example.com", whenMissing, Named(place, way));
            await MustWaitAsync("dave@example.com", whenMissing, Named(place, way));
        }

        Breakage.Mend(_bed[place]);
        await _bed.NoticeAsync(() => !_bed.IsConcealed);
        (await _bed.SignAsync("alice@example.com", Sign(WhenCertificateMissing.Reject))).Reply.Code.ShouldBe(250);
        (await _bed.SignAsync("dave@example.com", Sign(WhenCertificateMissing.Reject))).Reply.ToString().ShouldStartWith("550 5.7.5");
    }

    [Theory]
    [MemberData(nameof(Breakages))]
    [InlineData("folder", "own", "unmounted")]
    public async Task While_running_nobody_leaves_unsigned_or_is_refused(string kind, string place, string way)
    {
        _bed.Start(new CertificateOptions { Own = [Source(kind)] });
        (await _bed.SignAsync("alice@example.com", Sign(WhenCertificateMissing.Reject))).Reply.Code.ShouldBe(250);

        Breakage.Break(_bed[place], way);
        await _bed.NoticeAsync(() => _bed.IsConcealed);

        foreach (var whenMissing in Enum.GetValues<WhenCertificateMissing>())
        {
            var known = await _bed.SignAsync("alice@example.com", Sign(whenMissing));
            known.Reply.ToString().ShouldMatch("^(250|451 4.4.3)");
            _bed.Queue.Collected.ShouldAllBe(message => message.Protection == Protection.ClearSigned);
            await MustWaitAsync("dave@example.com", whenMissing, Named(place, way));
        }

        Breakage.Mend(_bed[place]);
        await _bed.NoticeAsync(() => !_bed.IsConcealed);
        (await _bed.SignAsync("alice@example.com", Sign(WhenCertificateMissing.Reject))).Reply.Code.ShouldBe(250);
        (await _bed.SignAsync("dave@example.com", Sign(WhenCertificateMissing.Pass))).Reply.Code.ShouldBe(250);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("pkcs12")]
    public async Task A_missing_environment_variable_makes_mail_wait(string kind)
    {
        var variable = _bed.Variable("secret-word");
        Environment.SetEnvironmentVariable(variable, null);
        _bed.Start(new CertificateOptions { Own = [Source(kind) with { Password = new SecretOptions { Env = variable } }] });

        foreach (var whenMissing in Enum.GetValues<WhenCertificateMissing>())
        {
            await MustWaitAsync("alice@example.com", whenMissing, variable);
        }
    }

    [Fact]
    public async Task One_unreadable_file_holds_back_nobody_whose_certificate_is_found_elsewhere()
    {
        TestPki.WritePem(_bed["own/zoe.pem"], TestPki.Issue("zoe@example.com"), "secret-word");
        Breakage.BreakFile(_bed["own/office.p12"]);
        _bed.Start(new CertificateOptions { Own = [Source("folder")] });

        (await _bed.SignAsync("zoe@example.com", Sign(WhenCertificateMissing.Reject))).Reply.Code.ShouldBe(250);
        await MustWaitAsync("carol@example.com", WhenCertificateMissing.Pass, "own/office.p12");
    }

    [Fact]
    public async Task A_file_that_is_deleted_is_withdrawn()
    {
        _bed.Start(new CertificateOptions { Own = [Source("folder")] });

        File.Delete(_bed["own/office.p12"]);
        await _bed.NoticeAsync(() => _bed.Own!.Certificates.Count() == 1);
        (await _bed.SignAsync("carol@example.com", Sign(WhenCertificateMissing.Reject))).Reply.ToString().ShouldStartWith("550 5.7.5");
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("one by one")]
    [InlineData("the only one")]
    public async Task A_folder_that_becomes_empty_makes_mail_wait_until_the_administrator_says_that_it_is_meant(string way)
    {
        await EmptyAsync(way);

        foreach (var whenMissing in Enum.GetValues<WhenCertificateMissing>())
        {
            await MustWaitAsync("alice@example.com", whenMissing, "own: it became empty");
        }

        _bed.AcceptLoss();
        _bed.IsConcealed.ShouldBeFalse();
        (await _bed.SignAsync("alice@example.com", Sign(WhenCertificateMissing.Reject))).Reply.ToString().ShouldStartWith("550 5.7.5");
    }

    [Fact]
    public async Task A_folder_that_became_empty_makes_nobody_wait_any_more_once_a_file_appears()
    {
        await EmptyAsync("the only one");

        TestPki.WritePem(_bed["own/zoe.pem"], TestPki.Issue("zoe@example.com"), "secret-word");
        await _bed.NoticeAsync(() => !_bed.IsConcealed);

        (await _bed.SignAsync("zoe@example.com", Sign(WhenCertificateMissing.Reject))).Reply.Code.ShouldBe(250);
        (await _bed.SignAsync("alice@example.com", Sign(WhenCertificateMissing.Reject))).Reply.ToString().ShouldStartWith("550 5.7.5");
    }

    [Fact]
    public async Task A_single_file_that_the_configuration_names_is_awaited_even_after_a_reload()
    {
        _bed.Start(new CertificateOptions { Own = [Source("pkcs12")] });
        File.Delete(_bed["own/office.p12"]);

        _bed.AcceptLoss();
        await _bed.NoticeAsync(() => _bed.IsConcealed);

        await MustWaitAsync("alice@example.com", WhenCertificateMissing.Pass, "own/office.p12");
    }

    [Fact]
    public async Task The_only_file_of_a_source_that_is_deleted_is_used_no_more_and_makes_mail_wait()
    {
        _bed.Start(new CertificateOptions { Own = [Source("pkcs12")] });

        File.Delete(_bed["own/office.p12"]);
        await _bed.NoticeAsync(() => _bed.IsConcealed);

        await MustWaitAsync("alice@example.com", WhenCertificateMissing.Pass, "own/office.p12");
    }

    [Fact]
    public async Task An_authority_signs_on_for_those_it_knows_and_issues_for_nobody_else_while_a_source_before_it_cannot_be_read()
    {
        var authority = new OwnCertificateOptions { Name = "local", Authority = _bed["ca"], IssueFor = ["*@example.com"] };
        _bed.Start(new CertificateOptions { Own = [Source("pkcs12"), authority] });
        var sign = new SignOptions { With = ["office", "local"] };
        (await _bed.SignAsync("dave@example.com", sign)).Reply.Code.ShouldBe(250);

        Breakage.BreakFile(_bed["own/office.p12"]);
        await _bed.NoticeAsync(() => _bed.IsConcealed);

        (await _bed.SignAsync("dave@example.com", sign)).Reply.Code.ShouldBe(250);
        _bed.Queue.Collected.ShouldHaveSingleItem().Protection.ShouldBe(Protection.ClearSigned);
        (await _bed.SignAsync("eve@example.com", sign)).Reply.ToString().ShouldStartWith("451 4.4.3");
        Directory.GetFiles(_bed["ca/issued"]).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("truncated")]
    [InlineData("file")]
    public async Task An_authority_that_cannot_be_opened_at_the_start_makes_mail_wait_and_signs_once_it_can(string way)
    {
        var authority = new OwnCertificateOptions { Name = "office", Authority = _bed["ca"], IssueFor = ["*@example.com"] };
        await OwnSources.Open([authority], previous: null, _bed.Time).DisposeAsync();
        var place = way == "folder" ? "ca" : "ca/authority.pem";
        Breakage.Break(_bed[place], way);
        _bed.Start(new CertificateOptions { Own = [authority] });

        foreach (var whenMissing in Enum.GetValues<WhenCertificateMissing>())
        {
            await MustWaitAsync("alice@example.com", whenMissing, "ca");
        }

        Breakage.Mend(_bed[place]);
        await _bed.NoticeAsync(() => !_bed.IsConcealed);
        (await _bed.SignAsync("alice@example.com", Sign(WhenCertificateMissing.Reject))).Reply.Code.ShouldBe(250);
    }

    [Fact]
    public async Task A_source_that_could_not_be_opened_is_not_opened_by_closing_it()
    {
        File.WriteAllText(_bed["ca"], "in the way");
        var sources = OwnSources.Open([new OwnCertificateOptions { Name = "office", Authority = _bed["ca"], IssueFor = ["*@example.com"] }], previous: null, _bed.Time);
        var next = OwnSources.Open([], sources, _bed.Time);
        File.Delete(_bed["ca"]);
        _bed.Time.Advance(TimeSpan.FromMinutes(1));

        await sources.RetireAsync(next);
        await sources.DisposeAsync();

        Directory.Exists(_bed["ca"]).ShouldBeFalse();
    }

    private static SignOptions Sign(WhenCertificateMissing whenMissing) => new() { With = ["office"], WhenMissing = whenMissing };

    // Of a wrong password nobody knows whether it or the file is the wrong one.
    private static string Named(string place, string way) => way == "other" ? "/own/" : place;

    private async Task EmptyAsync(string way)
    {
        if (way == "the only one")
        {
            File.Delete(_bed["own/office.p12"]);
        }

        _bed.Start(new CertificateOptions { Own = [Source("folder")] });
        (await _bed.SignAsync("alice@example.com", Sign(WhenCertificateMissing.Reject))).Reply.Code.ShouldBe(250);
        foreach (var file in Directory.GetFiles(_bed["own"]))
        {
            File.Delete(file);
            await (way == "one by one" ? _bed.NoticeAsync(() => !_bed.Own!.Certificates.Any(own => own.Location == file)) : Task.CompletedTask);
        }

        await _bed.NoticeAsync(() => _bed.IsConcealed);
        _bed.Own!.Certificates.ShouldBeEmpty();
    }

    private async Task MustWaitAsync(string author, WhenCertificateMissing whenMissing, string place)
    {
        var outcome = await _bed.SignAsync(author, Sign(whenMissing));

        outcome.Reply.ToString().ShouldBe("451 4.4.3 a source of certificates cannot be asked now");
        outcome.Detail.ShouldContain(place);
        outcome.Detail.ShouldNotContain("secret-word");
        outcome.Detail.ShouldNotContain("other-word");
        _bed.Queue.Collected.ShouldBeEmpty();
    }

    private OwnCertificateOptions Source(string kind)
    {
        var password = new SecretOptions { File = _bed["secrets/password"] };
        return kind switch
        {
            "folder" => new OwnCertificateOptions { Name = "office", Folder = _bed["own"], Password = password },
            "pkcs12" => new OwnCertificateOptions { Name = "office", Pkcs12 = _bed["own/office.p12"], Password = password },
            _ => new OwnCertificateOptions { Name = "office", Pem = new PemOptions { Certificate = _bed["own/edi.pem"], Password = password } },
        };
    }
}
