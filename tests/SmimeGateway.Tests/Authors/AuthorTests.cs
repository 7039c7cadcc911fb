using System.Text;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Authors;

public sealed class AuthorTests
{
    private const string Own = SomeFrom.Own;
    private const string Other = SomeFrom.Other;
    private const string Report =
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        + "Reporting-MTA: dns; x\r\n\r\n--b--\r\n";
    private const string Receipt =
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nread\r\n--b\r\n"
        + "Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n";

    [Theory]
    [InlineData($"From: =?Support <{Other}>, x?q?y?= <{Own}>")]
    [InlineData($"From: =?<{Other}>,x?q?z?=@tickets.example.com")]
    [InlineData($"From: \"\u00FC: <{Other}> (\" <{Own}> (\u00FC x)")]
    [InlineData($"From: \"{Other}\" <{Own}>")]
    [InlineData($"From: =?utf-8?q?support=40example.com?= <{Own}>")]
    [InlineData($"From: {Own} ({Other})")]
    [InlineData($"From: Support\uFF20example.com <{Own}>")]
    [InlineData($"From: =?utf-8?q?support=40example.com=00?=@tickets.example.com")]
    [InlineData($"From: \"support\\@\\example.com\" <{Own}>")]
    [InlineData($"From: (support\\@\\example.com) {Own}")]
    [InlineData($"From: \"\\\"support\\@\\example.com\\\" <support\\@\\example.com>\" <{Own}>")]
    [InlineData($"From: \"\u00FC <support\\@\\example.com>\" <{Own}>")]
    [InlineData($"From: \"support\"\"@\"\"example.com\" <{Own}>")]
    [InlineData($"From: \"support\" \"@\" \"example.com\" <{Own}>")]
    [InlineData($"From: \"support ,@, example.com\" <{Own}>")]
    [InlineData($"From: \"support <@> example.com\" <{Own}>")]
    [InlineData($"From: \"support [@] example.com\" <{Own}>")]
    [InlineData($"From: \"=\\?utf-8?Q?support=40example.com?=\" <{Own}>")]
    [InlineData($"From: =?utf-8?Q?support=4?= =?utf-8?Q?0example.com?= <{Own}>")]
    [InlineData($"From: =?gb2312?Q?support=81=40example.com?= <{Own}>")]
    [InlineData($"From: =?shift_jis?Q?support=FC=40example.com?= <{Own}>")]
    [InlineData($"From: =?iso-2022-jp?Q?=1B$Bsupport=40example.com?= <{Own}>")]
    [InlineData($"From: support; <{Own}>")]
    [InlineData($"From: bank.example; T <{Own}>")]
    [InlineData($"From: Doe, bank.example; T <{Own}>")]
    [InlineData($"From: Dr.Doe; Alice <{Own}>")]
    [InlineData($"From: Dr.Doe; Alice, Sales <{Own}>")]
    [InlineData($"From: \"support\", T <{Own}>")]
    [InlineData($"From: Doe, .Alice <{Own}>")]
    [InlineData($"From: Doe, (x) <{Own}>")]
    [InlineData($"From: mailto:{Own}")]
    [InlineData($"From: <mailto:{Own}>")]
    [InlineData($"From: =?utf-8?Q?support=C1=80example.com?= <{Own}>")]
    [InlineData($"From: =?utf-8?B?c3VwcG9ydMGAZXhhbXBsZS5jb20=?= <{Own}>")]
    [InlineData($"From: =?us-ascii?Q?support=C1=80example.com?= <{Own}>")]
    [InlineData($"From: =?utf-8?Q?support=E0=81=80example.com?= <{Own}>")]
    [InlineData($"From: =?utf-8?Q?support=F0=80=81=80example.com?= <{Own}>")]
    [InlineData($"From: =?utf-8?Q?support=FC=80=80=80=81=80example.com?= <{Own}>")]
    [InlineData($"From: =?utf-8?Q?support=F0=8F=BC=A0example.com?= <{Own}>")]
    [InlineData($"From: =?utf-8?Q?support=C1?= =?utf-8?Q?=80example.com?= <{Own}>")]
    [InlineData($"From: =?utf-8?Q?=C0=BCsupport?= <{Own}>")]
    [InlineData($"From: =?gb2312?B?1cXI/Q==?= =?utf-8?Q?support=C1=80example.com?= <{Own}>")]
    [InlineData($"From: support;;<{Own}>")]
    [InlineData($"From: \"support\"; <{Own}>")]
    [InlineData($"From: support (c); <{Own}>")]
    [InlineData($"From: support.example.com; x <{Own}>")]
    [InlineData($"From: support, <{Own}>")]
    [InlineData($"From: {Own}\r\nSender: \"support\\@\\example.com\" <{Own}>")]
    [InlineData($"From\r\n : {Other}\r\nFrom: {Own}")]
    [InlineData($"\u0001From: {Other}\r\nFrom: {Own}")]
    [InlineData($"From: {Own}\r\nSender: {Other}")]
    [InlineData($"From: {Own}\r\nResent-From: {Other}")]
    [InlineData($"From: {Own}\r\nResent-Sender: {Other}")]
    public async Task No_signature_is_given_for_a_From_in_which_somebody_sees_another(string author)
    {
        foreach (var protects in new[] { false, true })
        {
            await using var bed = new AuthorBed([AuthorBed.Signing(protectsHeaders: protects)], Own, "*@tickets.example.com");

            var (outcome, left) = await bed.SendAsync(AuthorBed.Mail(author));

            outcome.Reply.Code.ShouldBe(550);
            left.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("\"support\u00C1\u0080example.com\"")]
    [InlineData("support\u00E0\u0081\u0080example.com")]
    [InlineData("support\u00C1\u0080example.com, T")]
    [InlineData("(support\u00F0\u0080\u0081\u0080example.com) T")]
    public async Task No_signature_is_given_for_raw_octets_that_a_careless_decoder_reads_as_a_sign(string name)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing()]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail(Encoding.Latin1.GetBytes($"From: {name} <{Own}>")));

        outcome.Reply.Code.ShouldBe(550);
        outcome.Detail.ShouldContain("longer form than UTF-8 allows");
        left.ShouldBeEmpty();
    }

    [Theory]
    [InlineData($"{Own} <{Own}>")]
    [InlineData($"[Shop] <{Own}>")]
    [InlineData($"Alice [Shop] <{Own}>")]
    [InlineData($"{Own};")]
    [InlineData($"Doe, Alice <{Own}>")]
    [InlineData($"Dr.Doe, Alice <{Own}>")]
    [InlineData($"Doe, \"Alice\" <{Own}>")]
    [InlineData($"Doe, Alice (Sales) <{Own}>")]
    [InlineData($"Alice; Sales <{Own}>")]
    [InlineData($"Doe, x; T <{Own}>")]
    [InlineData($"Doe, \"Alice; Sales\" <{Own}>")]
    [InlineData($"Alice <{Own}>>")]
    [InlineData($"Doe, Alice <{Own}> >,")]
    [InlineData($"=?utf-8?Q?J=C3=BCrgen_=F0=9F=98=80?= <{Own}>")]
    [InlineData($"Alice <{Own}")]
    [InlineData($"'{Own}' <{Own}>")]
    [InlineData($"\"{Own}\" <{Own}>")]
    [InlineData($"\"Alice @ Work\" <{Own}>")]
    [InlineData($"Doe, \u00C4lice <{Own}>")]
    [InlineData($"=?utf-8?Q?M=C3=BCller,_J?= <{Own}>")]
    [InlineData($"\"=?utf-8?Q?M=C3=BCller?=\" <{Own}>")]
    [InlineData("Alice <Ticket@Tickets.Example.COM>")]
    [InlineData($"{Own} ({Own})")]
    [InlineData($"=?windows-1251?Q?=AB=C2=C5=C3=C0=BB?= <{Own}>")]
    [InlineData($"=?iso-8859-7?Q?=AB=C1=BB?= <{Own}>")]
    [InlineData($"=?iso-2022-jp?B?GyRCQDY/ZUBqGyhC?= <{Own}>")]
    [InlineData($"=?shift_jis?B?g0GDi4N0g0A=?= <{Own}>")]
    [InlineData($"=?gb2312?B?1cXI/Q==?= <{Own}>")]
    [InlineData($"=?utf-8?Q?M=C3?= =?utf-8?Q?=BCller?= <{Own}>")]
    [InlineData($"=?utf-8?Q?J=C3=B6rg_=40_M=C3=BCller?= <{Own}>")]
    public async Task Sloppy_forms_in_which_everybody_sees_the_same_are_signed(string body)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing(protectsHeaders: true)]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail("From: " + body));

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        left.ShouldHaveSingleItem().Protection.ShouldBe(Protection.ClearSigned);
        await ShowsOwnAloneAsync(left[0].Content);
    }

    // Name as it came, and as people see it afterwards: nothing of it is lost at its ends.
    [Theory]
    [InlineData("[JIRA] Alice", "[JIRA] Alice")]
    [InlineData("[JIRA]", "[JIRA]")]
    [InlineData("Alice [JIRA]", "Alice [JIRA]")]
    [InlineData("[a] [b] Alice [c]", "[a] [b] Alice [c]")]
    [InlineData("[#1234] Alice Example (Jira)", "[#1234] Alice Example (Jira)")]
    [InlineData("[EXTERN] \"Alice Example\"", "[EXTERN] Alice Example")]
    [InlineData("=?utf-8?Q?M=C3=BCller_[Ext]?= x;y", "M\u00fcller [Ext] x;y")]
    [InlineData("[Ext] M\u00fcller, Alice", "[Ext] M\u00fcller, Alice")]
    [InlineData("'M\u00fcller, Alice'", "'M\u00fcller, Alice'")]
    [InlineData("[Alice", "[Alice")]
    [InlineData("Alice]", "Alice]")]
    [InlineData("Alice/Sales; Berlin", "Alice/Sales; Berlin")]
    public async Task A_sloppy_name_is_all_there_when_it_has_been_written_anew(string name, string shown)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing(protectsHeaders: true)]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail(Encoding.UTF8.GetBytes($"From: {name} <{Own}>")));

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        using var message = MimeKit.MimeMessage.Load(new MemoryStream(left.ShouldHaveSingleItem().Content.ToArray()));
        message.From.Mailboxes.ShouldHaveSingleItem().Name.ShouldBe(shown);
    }

    [Fact]
    public async Task A_sloppy_From_keeps_its_octets_where_the_message_only_passes()
    {
        await using var bed = new AuthorBed([new RuleOptions { Name = "all", Pass = true }]);

        var (_, left) = await bed.SendAsync(AuthorBed.Mail($"From: Alice; Sales <{Own}>"));

        Encoding.ASCII.GetString(left.ShouldHaveSingleItem().Content.Span).ShouldContain($"From: Alice; Sales <{Own}>\r\n");
    }

    // However it came, what is signed leaves with a From that a strict reader finds the address in.
    private static async Task ShowsOwnAloneAsync(ReadOnlyMemory<byte> message)
    {
        Entity.TryParse(message, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        AddressList.TryParse(entity.Header.Where(field => field.Is("From")).ShouldHaveSingleItem().Body, out var mailboxes).ShouldBeTrue();
        mailboxes.ShouldHaveSingleItem().Address.ShouldBe(Own, StringCompareShould.IgnoreCase);
        (await AuthorReaders.ReadAsync([message.ToArray()]))[0].ShouldContain(("MimeKit", Own));
    }

    [Fact]
    public async Task An_unreadable_From_has_its_own_reply_with_the_remedy_whether_it_would_be_signed_or_not()
    {
        foreach (var rule in new[] { AuthorBed.Signing(), new RuleOptions { Name = "all", Pass = true } })
        {
            await using var bed = new AuthorBed([rule]);

            var (outcome, left) = await bed.SendAsync(AuthorBed.Mail($"From: Alice {Own}"));

            outcome.Reply.ToString().ShouldBe("550 5.6.0 the header From has an address in a form that programs read differently: write it as \"Name\" <name@example.com>");
            left.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Who_may_use_every_address_may_send_an_unreadable_From_by_the_rules_for_all_who_could_be_read_in_it()
    {
        await using var bed = new AuthorBed([Encrypting("boss@example.com"), new RuleOptions { Name = "all", Pass = true }], "*");

        var (_, secret) = await bed.SendAsync(AuthorBed.Mail("From: The boss boss@example.com"));
        var (_, open) = await bed.SendAsync(AuthorBed.Mail("From: The clerk clerk@example.com"));

        secret.ShouldHaveSingleItem().Protection.ShouldBe(Protection.Encrypted);
        open.ShouldHaveSingleItem().Protection.ShouldBe(Protection.PassedUnchanged);
    }

    [Theory]
    [InlineData($"From: {Own}, boss@example.com")]
    [InlineData($"From: boss@example.com, {Own}")]
    [InlineData($"From: {Own}\r\nFrom: boss@example.com")]
    public async Task What_a_rule_encrypts_for_one_of_several_authors_does_not_leave_in_plain_text(string author)
    {
        await using var bed = new AuthorBed(
            [new RuleOptions { Name = "tickets", When = new RuleConditions { Sender = [Own] }, Pass = true }, Encrypting("boss@example.com")], "*");

        var (_, left) = await bed.SendAsync(AuthorBed.Mail(author));

        left.ShouldHaveSingleItem().Protection.ShouldBe(Protection.Encrypted);
    }

    [Theory]
    [InlineData($"From: {Own}", "Content-Type: text/plain\r\n\r\nI am away\r\n", Protection.Encrypted)]
    [InlineData($"From: {Own}", Receipt, Protection.Encrypted)]
    [InlineData($"From: {Own}", Report, Protection.PassedUnchanged)]
    [InlineData("From: mailer-daemon@elsewhere.example", "Content-Type: text/plain\r\n\r\nfailed\r\n", Protection.PassedUnchanged)]
    [InlineData("Subject: none", "Content-Type: text/plain\r\n\r\nfailed\r\n", Protection.PassedUnchanged)]
    public async Task A_bounce_is_known_by_what_it_is_and_not_by_its_null_path_alone(string author, string rest, Protection expected)
    {
        await using var bed = new AuthorBed([Encrypting("*"), new RuleOptions { Name = "all", Pass = true }]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail(author, rest), reversePath: string.Empty);

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        left.ShouldHaveSingleItem().Protection.ShouldBe(expected);
    }

    public static TheoryData<string> Puzzles =>
    [
        "boss @example.com", "boss(c)@example.com", "\"the boss\"@example.com", "bo\u200Bss@example.com", "b\\oss@example.com", "<boss@@example.com>",
        "<boss@example.com@x>", "boss@exa(c)mple.com", "=?utf-8?q?bo?= =?utf-8?q?ss=40example.com?=", "=?utf-7?q?boss+AEA-example.com?=", "boss\uFF20example.com",
        "boss@example.com x", "<boss@example.com> x <eve@elsewhere.example>", string.Concat(Enumerable.Repeat("(x) ", 17_000)) + "boss@example.com",
        string.Join(", ", Enumerable.Range(0, 150).Select(i => $"a{i}@elsewhere.example")) + ", boss@example.com",
    ];

    [Theory]
    [MemberData(nameof(Puzzles))]
    public async Task What_cannot_be_read_is_nobodys_bounce(string author)
    {
        await using var bed = new AuthorBed([Encrypting("*@example.com"), new RuleOptions { Name = "all", Pass = true }], "*@example.com");

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail("From: " + author), reversePath: string.Empty);

        outcome.Reply.ToString().ShouldStartWith("550 5.6.0");
        left.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Puzzles))]
    public async Task A_From_in_which_somebody_may_read_an_author_whose_mail_is_encrypted_does_not_leave_in_plain_text(string author)
    {
        foreach (var path in new[] { string.Empty, "q@other.example" })
        {
            await using var bed = new AuthorBed(
                [
                    new RuleOptions { Name = "others", When = new RuleConditions { Sender = ["*@other.example", "*@elsewhere.example"] }, Pass = true },
                    Encrypting("b?ss@example.*"), new RuleOptions { Name = "all", Pass = true },
                ],
                "*");

            var (outcome, left) = await bed.SendAsync(AuthorBed.Mail("From: " + author), path);

            left.ShouldHaveSingleItem(outcome.Detail).Protection.ShouldBe(Protection.Encrypted);
        }
    }

    [Theory]
    [InlineData("MAILER-DAEMON")]
    [InlineData("<>")]
    [InlineData("MAILER-DAEMON (Mail Delivery System)")]
    public async Task A_bounce_may_come_from_a_name_without_an_address(string author)
    {
        await using var bed = new AuthorBed([Encrypting("*"), new RuleOptions { Name = "all", Pass = true }]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail("From: " + author), reversePath: string.Empty);

        left.ShouldHaveSingleItem(outcome.Detail).Protection.ShouldBe(Protection.PassedUnchanged);
    }

    [Theory]
    [InlineData(Other)]
    [InlineData("mailer-daemon@elsewhere.example")]
    public async Task A_bounce_that_would_be_protected_needs_the_grant_of_its_author(string author)
    {
        RuleOptions[] protecting = [AuthorBed.Signing(), Encrypting("<>"), Encrypting("<>") with { Sign = AuthorBed.Signing().Sign }];
        foreach (var rule in protecting)
        {
            await using var bed = new AuthorBed([rule with { When = new RuleConditions { Sender = ["<>"] } }]);

            var (outcome, left) = await bed.SendAsync(AuthorBed.Mail($"From: {author}", Report), reversePath: string.Empty);
            left.ShouldBeEmpty();
            outcome.Reply.ToString().ShouldBe("550 5.7.1 you may not send as this sender");

            var (granted, own) = await bed.SendAsync(AuthorBed.Mail($"From: {Own}", Report), reversePath: string.Empty);
            own.ShouldHaveSingleItem(granted.Detail).Protection.ShouldNotBe(Protection.PassedUnchanged);
        }
    }

    [Fact]
    public async Task An_address_of_ours_under_the_null_path_has_to_be_granted()
    {
        await using var bed = new AuthorBed([new RuleOptions { Name = "all", Pass = true }], Own);

        var (outcome, _) = await bed.SendAsync(AuthorBed.Mail($"From: {Own}, {Other}"), reversePath: string.Empty);

        outcome.Reply.ToString().ShouldStartWith("550 5.7.1");
    }

    [Fact]
    public async Task A_message_that_is_nothing_but_another_message_is_signed_as_its_attachment()
    {
        await using var bed = new AuthorBed([AuthorBed.Signing()]);

        var (_, left) = await bed.SendAsync(AuthorBed.Mail($"From: {Own}", $"Content-Type: message/rfc822\r\n\r\nFrom: {Other}\r\nSubject: inside\r\n\r\nHello\r\n"));

        Entity.TryParse(left.ShouldHaveSingleItem().Content, MimeLimits.Standard, out var signed, out _).ShouldBeTrue();
        signed.TryGetParts(out var parts, out _).ShouldBeTrue();
        parts[0].ContentType.MediaType.ShouldBe("multipart/mixed");
        parts[0].TryGetParts(out var inside, out _).ShouldBeTrue();
        inside.ShouldHaveSingleItem().IsMessage.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Own, 550)]
    [InlineData("*", 250)]
    public async Task Around_what_is_encrypted_signs_only_a_certificate_for_addresses_that_are_granted(string granted, int code)
    {
        await using var maker = new AuthorBed([Encrypting("*")], "*");
        var (_, made) = await maker.SendAsync(AuthorBed.Mail($"From: {Own}"));
        await using var bed = new AuthorBed([AuthorBed.Signing(already: AlreadyProtected.SignAgain)], granted);

        var (outcome, left) = await bed.SendAsync(made.ShouldHaveSingleItem().Content.ToArray());

        outcome.Reply.Code.ShouldBe(code, outcome.Detail);
        left.Count.ShouldBe(code == 250 ? 1 : 0);
    }

    // The first is of a certificate for the author alone, the second of one for somebody else as well.
    [Theory]
    [InlineData(Own, 550)]
    [InlineData("*", 250)]
    public async Task Around_what_is_encrypted_the_certificate_of_the_second_signature_is_held_to_the_same(string granted, int code)
    {
        await using var maker = new AuthorBed([Encrypting("*")], "*");
        var (_, made) = await maker.SendAsync(AuthorBed.Mail($"From: {Own}"));
        var rule = AuthorBed.Signing(already: AlreadyProtected.SignAgain);
        var sign = rule.Sign! with { With = ["office", "quantum"], Choose = CertificateSelection.OfSender, Also = SecondSignature.MlDsa };
        await using var bed = new AuthorBed([rule with { Sign = sign }], granted);

        var (outcome, left) = await bed.SendAsync(made.ShouldHaveSingleItem().Content.ToArray());

        outcome.Reply.Code.ShouldBe(code, outcome.Detail);
        left.Count.ShouldBe(code == 250 ? 1 : 0);
        (await bed.SendAsync(AuthorBed.Mail($"From: {Own}"))).Outcome.Reply.Code.ShouldBe(250);
    }

    [Theory]
    [InlineData(SignatureForm.Clear)]
    [InlineData(SignatureForm.Opaque)]
    public async Task Before_a_signature_is_added_the_author_inside_the_others_is_judged(SignatureForm form)
    {
        await using var maker = new AuthorBed([AuthorBed.Signing(form, protectsHeaders: true)], "*");
        var (_, made) = await maker.SendAsync(AuthorBed.Mail($"From: {Other}"), reversePath: Other);
        var signed = Encoding.UTF8.GetString(made.ShouldHaveSingleItem().Content.Span);
        var renamed = new StringBuilder(signed).Replace($"From: {Other}", $"From: {Own}", 0, signed.IndexOf("Subject", StringComparison.Ordinal)).ToString();
        await using var bed = new AuthorBed([AuthorBed.Signing(already: AlreadyProtected.SignAgain)]);

        var (outcome, _) = await bed.SendAsync(Encoding.UTF8.GetBytes(renamed));

        outcome.Reply.ToString().ShouldStartWith("550 5.7.5");
        outcome.Detail.ShouldContain($"inside of the message, the header From names an address that you may not send as: {Other}");
    }

    private static RuleOptions Encrypting(string sender) => new()
    {
        Name = "encrypt",
        When = new RuleConditions { Sender = [sender] },
        Encrypt = new EncryptOptions { To = ["partners"] },
    };
}
