using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Certificates;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Deciding;

/// <summary>Whatever compares addresses gives one answer for one mailbox, however address and pattern are written.</summary>
public sealed class AddressFormTests
{
    private static readonly string[] OneMailbox =
    [
        "info@müller.example",
        "INFO@MÜLLER.Example",
        "info@xn--mller-kva.example",
        "Info@XN--MLLER-KVA.EXAMPLE",
        "info@mu\u0308ller.example",
        "info@müller\u3002example",
        "info@mÜller\uFF0Eexample",
        "info@ｍüller\uFF61ｅxample",
        "info@müller.example.",
        "\"info\"@xn--mller-kva.example",
        "\"\\i\\nfo\"@müller.example",
        "@relay.example,@other.example:info@müller.example",
        "info@mül\u00ADler.example",
    ];

    private static readonly string[] OneUnicodeMailbox =
        ["jörg@\u212Aiel.example", "JÖRG@kiel.example", "jo\u0308rg@KIEL.example.", "\"jörg\"@kiel.example", "\"JO\u0308RG\"@kiel\u3002example"];

    private static readonly string[] Others =
    [
        "info@muller.example", "info@mueller.example", "info@müller.example.org", "info@sub.müller.example", "inf@müller.example",
        "infos@müller.example", "\"info@müller.example\"@other.example", "info@xn--mller-kv.example", "ınfo@müller.example", "postmaster",
        "jorg@kiel.example", "joerg@kiel.example", "jörg@iel.example",
    ];

    public static TheoryData<string> Patterns =>
    [
        "info@müller.example", "INFO@XN--MLLER-KVA.example", "\"info\"@MU\u0308LLER\u3002example.", "i?f*@m?ller.example", "info@m*LLER.*", "*o@xn--mller*.example",
        "*fo@*.example", "info@xn--mller-kva.??ample",
    ];

    public static TheoryData<string> DomainPatterns =>
        ["*@müller.example", "*@MÜLLER.EXAMPLE", "*@xn--mller-kva.example", "*@müller\u3002example.", "*@m?ller.example", "*@mü*.example", "*@xn--mller-kva.*"];

    [Theory]
    [MemberData(nameof(Patterns))]
    [MemberData(nameof(DomainPatterns))]
    public void A_pattern_matches_a_mailbox_in_every_form(string pattern)
    {
        var parsed = AddressPattern.Parse(pattern);

        parsed.CanMatch.ShouldBeTrue();
        OneMailbox.Where(form => !parsed.Matches(Path(form))).ShouldBeEmpty();
        OneUnicodeMailbox.Where(form => parsed.Matches(Path(form))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public async Task Encrypting_signing_granting_routing_and_issuing_decide_alike_for_one_mailbox(string pattern)
    {
        using var folder = new TemporaryFolder();
        var encrypts = Book(new RuleConditions { Recipient = [pattern] });
        var signs = Book(new RuleConditions { Sender = [pattern] });
        var grants = new SenderGrants([new SenderOptions { Address = [pattern] }]);
        await using var routes = RouteTable.Create(
            [new RouteOptions { Recipients = [pattern], Folder = folder.Path }], "gateway.example", TimeProvider.System, NullLoggerFactory.Instance);
        await using var own = OwnSources.Open(
            [new OwnCertificateOptions { Name = "own", Authority = folder.Path, IssueFor = [pattern] }], previous: null, TimeProvider.System);

        foreach (var address in OneMailbox.Concat(Others))
        {
            var path = Path(address);
            var isMeant = AddressPattern.Parse(pattern).Matches(path);
            var name = isMeant ? "meant" : Decision.Otherwise;

            isMeant.ShouldBe(OneMailbox.Contains(address) || (WildcardPattern.HasWildcard(pattern) && isMeant), address);
            encrypts.Decide(Facts(Path("a@b.example")), path).RuleName.ShouldBe(name, address);
            signs.Decide(Facts(path), Path("a@b.example")).RuleName.ShouldBe(name, address);
            grants.Covers(path, IPAddress.Loopback, user: null).ShouldBe(isMeant, address);
            (routes.Find(path) is not null).ShouldBe(isMeant, address);
            if (!isMeant || OneMailbox.Contains(address))
            {
                (await own.Find("own")!.FindAsync(path.Address, CancellationToken.None)).Count.ShouldBe(isMeant ? 1 : 0, address);
            }
        }

        own.Certificates.Count().ShouldBe(1, "one mailbox was given two certificates");
    }

    [Fact]
    public void Any_two_forms_of_a_mailbox_are_equal_for_every_comparison_and_no_others()
    {
        string[][] mailboxes = [OneMailbox, OneUnicodeMailbox, .. Others.Select(other => new[] { other })];
        foreach (var one in mailboxes)
        {
            foreach (var other in mailboxes)
            {
                foreach (var (left, right) in one.SelectMany(left => other.Select(right => (Path(left), Path(right)))))
                {
                    var isSame = ReferenceEquals(one, other);
                    var about = $"{left} and {right}";

                    ComparableAddress.Of(left).Equals(ComparableAddress.Of(right)).ShouldBe(isSame, about);
                    ComparableAddress.Of(left.Address).Equals(ComparableAddress.Of(right)).ShouldBe(isSame, about);
                    AddressPattern.Parse(left.Address).Matches(right).ShouldBe(isSame, about);
                    AddressPattern.Parse(left.Address).LiteralAddress.ShouldBe(ComparableAddress.Of(left).Text, about);
                    (left.Domain.Length == 0 || Visible(left).Include(right) == isSame).ShouldBeTrue(about);
                    HaveOneName(left, right).ShouldBe(isSame, about);
                }
            }
        }
    }

    [Fact]
    public void The_index_finds_a_mailbox_in_every_form_among_many_rules()
    {
        var rules = new RuleBook(
            [
                .. Enumerable.Range(0, 50).Select(number => Rule($"{number}", new RuleConditions { Recipient = [$"*@d{number}.example"], Sender = ["*@a.example"] })),
                Rule("meant", new RuleConditions { Recipient = ["*@MÜLLER.example", "jörg@kiel.example"] }),
            ],
            WhenNoRuleMatches.Pass,
            new EncryptionOptions());

        OneMailbox.Concat(OneUnicodeMailbox).Where(form => rules.Decide(Facts(MailPath.Null), Path(form)).RuleName != "meant").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\u212Aim@example.com", "example.com")]
    [InlineData("k\uFF49m@example.com", "example.com")]
    [InlineData("ki\u200Bm@example.com", "example.com")]
    [InlineData("kim@exa\u202Emple.com", "example.com")]
    public void An_address_that_servers_read_in_different_ways_is_caught_by_rules_and_granted_to_nobody(string address, string domain)
    {
        var path = Path(address);

        ComparableAddress.Of(path).IsNormal.ShouldBeFalse();
        AddressPattern.Parse(address).CanMatch.ShouldBeFalse();
        string[] patterns = ["*", "*@*", $"kim@{domain}", $"k?m@{domain}", "?im@*", $"*@{domain[..^3]}*", "*im*"];
        foreach (var pattern in patterns)
        {
            AddressPattern.Parse(pattern).Matches(path).ShouldBeTrue(pattern);
            Book(new RuleConditions { Sender = [pattern] }).Decide(Facts(path), Path("a@b.example")).RuleName.ShouldBe("meant", pattern);
            Book(new RuleConditions { Recipient = [pattern] }).Decide(Facts(MailPath.Null), path).RuleName.ShouldBe("meant", pattern);
            new SenderGrants([new SenderOptions { Address = [pattern] }]).Covers(path, IPAddress.Loopback, user: null).ShouldBe(pattern == "*", pattern);
        }

        Visible(path).Include(Path("kim@example.com")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("*@mü*-?.example", true)]
    [InlineData("*@*.müller.example", true)]
    [InlineData("*müller.example", true)]
    [InlineData("*.xn--mller-kva.example", true)]
    [InlineData("info@[192.0.2.*]", true)]
    [InlineData("postmaster", true)]
    [InlineData("<>", true)]
    [InlineData("*@mü ller.example", false)]
    [InlineData("*@mü/*.example", false)]
    [InlineData("*@mü..example", false)]
    [InlineData("*@mü..*", false)]
    [InlineData("*@m\uFF0A.example", false)]
    [InlineData("*@m\uFF0A*.example", false)]
    [InlineData("\u212A*@example.com", false)]
    [InlineData("\"info@example.com", false)]
    [InlineData("in fo@example.com", false)]
    public void A_pattern_knows_whether_anything_can_match(string pattern, bool canMatch) =>
        AddressPattern.Parse(pattern).CanMatch.ShouldBe(canMatch);

    [Theory]
    [InlineData("*@*.müller.example", "a@sub.xn--mller-kva.example")]
    [InlineData("*.müller.example", "a@sub.xn--mller-kva.example")]
    [InlineData("*.xn--mller-kva.example.", "a@SUB.müller.example")]
    [InlineData("*@[IPv6:2001:DB8::1]", "a@[IPv6:2001:db8:0::1]")]
    [InlineData("*@[192.0.2.*]", "a@[192.0.2.007]")]
    [InlineData("a..b@docomo.example", "\"a..b\"@docomo.example")]
    [InlineData("\"a.*\"@docomo.example", "a..b@docomo.example")]
    [InlineData("POSTMASTER", "Postmaster")]
    public void Wildcards_quotes_and_literals_meet_the_form_too(string pattern, string address) =>
        AddressPattern.Parse(pattern).Matches(Path(address)).ShouldBeTrue();

    [Fact]
    public void A_star_before_the_at_sign_does_not_reach_over_it()
    {
        AddressPattern.Parse("alice@*").Matches("\"alice@b\"@other.example").ShouldBeFalse();
        AddressPattern.Parse("*@example.com").Matches("\"x@example.com\"@other.example").ShouldBeFalse();
    }

    private static bool HaveOneName(MailPath left, MailPath right) =>
        left.Domain.Length == 0 || right.Domain.Length == 0
            ? left.Domain.Length == right.Domain.Length
            : MailboxName.TryNormalize(left.Address, out var one) && MailboxName.TryNormalize(right.Address, out var other) && one == other;

    private static VisibleRecipients Visible(MailPath recipient) => new(Header($"To: {recipient.Address}\r\n"));

    private static RuleBook Book(RuleConditions when) => new([Rule("meant", when)], WhenNoRuleMatches.Pass, new EncryptionOptions());

    private static RuleOptions Rule(string name, RuleConditions when) => new() { Name = name, When = when, Pass = true };

    private static MessageFacts Facts(MailPath sender) => new(sender, "internal", IPAddress.Loopback, null, Header(string.Empty));

    private static HeaderSection Header(string fields)
    {
        Entity.TryParse(System.Text.Encoding.UTF8.GetBytes(fields + "\r\n"), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return entity!.Header;
    }

    private static MailPath Path(string address) => MailPath.TryParse(address, out var path) ? path! : throw new ArgumentException(address);
}
