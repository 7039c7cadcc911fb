using SmimeGateway.Locating.Dkim;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Dkim;

/// <summary>A domain vouches for nobody else.</summary>
public sealed class SigningAuthorsTests
{
    [Theory]
    [InlineData("alice@example.com", "example.com (rsa)")]
    [InlineData("Alice <alice@EXAMPLE.com>", "example.com (rsa)")]
    [InlineData("alice@example.com, carol@example.com", "example.com (rsa)")]
    [InlineData("alice@sub.example.com", "sub.example.com (rsa2)")]
    [InlineData("alice@deep.sub.example.com", "sub.example.com (rsa2)")]
    [InlineData("alice@other.example.com", "example.com (rsa)")]
    [InlineData("alice@example.com, carol@other.example.com", null)]
    [InlineData("alice@partner.example", null)]
    [InlineData("alice@b\u00fccher.example", "xn--bcher-kva.example (rsa3)")]
    [InlineData("alice@B\u00dcCHER.example", "xn--bcher-kva.example (rsa3)")]
    [InlineData("alice@xn--bcher-kva.example", "xn--bcher-kva.example (rsa3)")]
    [InlineData("alice@notexample.com", null)]
    [InlineData("alice@example.com, alice@b\u00fccher.example", null)]
    [InlineData("alice@example.com\r\nFrom: carol@example.com", null)]
    [InlineData("\"ceo@partner.example\" <alice@example.com>", null)]
    [InlineData("\"ceo@example.com\" <alice@example.com>", null)]
    [InlineData("Alice", null)]
    public async Task Only_the_nearest_domain_of_all_authors_signs(string from, string? signer)
    {
        await using var bed = new DkimBed(
            All(DkimBed.Entry()) with { Subdomains = true }, All(DkimBed.Entry("Sub.Example.com.", "rsa2")) with { Subdomains = true }, All(DkimBed.Entry("b\u00fccher.example", "rsa3")));

        var outcome = await bed.SendAsync(DkimBed.Mail(from), "bob@other.example");

        if (signer is null)
        {
            bed.Queue.Collected.ShouldAllBe(message => message.SigningDomains == null);
            (outcome.Reply.Code != 250 || bed.Log.Lines.Any(line => line.Contains("no domain signs it: ", StringComparison.Ordinal))).ShouldBeTrue();
            return;
        }

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        var message = bed.Queue.Collected.ShouldHaveSingleItem();
        message.SigningDomains.ShouldBe([signer]);
        (await DkimJudges.DkimpyAsync(bed.Records, [message.Content.ToArray()])).ShouldHaveSingleItem().ShouldBe(["good"]);
    }

    [Fact]
    public async Task A_bounce_may_name_any_author_and_gets_a_signature_for_none_that_its_client_may_not_use()
    {
        await using var bed = new DkimBed(All(DkimBed.Entry("partner.example")), All(DkimBed.Entry()));
        const string Report = "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n";
        const string Parts = "--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n--b--\r\n";

        var strange = await bed.LeavesAsync(DkimBed.Mail("postmaster@partner.example", Report, Parts), "bob@other.example", sender: "<>");
        var ours = await bed.LeavesAsync(DkimBed.Mail("postmaster@example.com", Report, Parts), "bob@other.example", sender: "<>");
        var fromOutside = await bed.LeavesAsync(DkimBed.Mail("postmaster@example.com", Report, Parts), "bob@other.example", sender: "<>", client: "192.0.2.1");

        strange.SigningDomains.ShouldBeNull();
        ours.SigningDomains.ShouldBe(["example.com (rsa)"]);
        fromOutside.SigningDomains.ShouldBeNull();
        bed.Log.Lines.ShouldContain(line => line.Contains("no domain signs it: the header From", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_may_hand_in_mail_of_everybody_gets_a_signature_for_nobody()
    {
        await using var bed = new DkimBed(All(DkimBed.Entry()));

        var passed = await bed.LeavesAsync(DkimBed.Mail("\"The CEO\" <alice@example.com>"), "bob@other.example", client: DkimBed.Exchanger);

        passed.SigningDomains.ShouldBeNull();
        bed.Log.Lines.ShouldContain(line => line.Contains("no domain signs it: senders lets the client write as <alice@example.com> by an entry for all domains alone", StringComparison.Ordinal));
        (await bed.LeavesAsync(DkimBed.Mail("alice@example.com"), "bob@other.example")).SigningDomains.ShouldBe(["example.com (rsa)"]);
    }

    [Theory]
    [InlineData("example.com", false, "example.com", true)]
    [InlineData("example.com", false, "a.example.com", false)]
    [InlineData("example.com", true, "a.example.com", true)]
    [InlineData("example.com", true, "a.b.example.com", true)]
    [InlineData("example.com", true, "aexample.com", false)]
    [InlineData("example.com", true, ".example.com", true)]
    [InlineData("example.com", true, "com", false)]
    [InlineData("example.com", true, "example.com.evil.example", false)]
    [InlineData("b\u00fccher.example", true, "x.xn--bcher-kva.example", true)]
    public async Task A_domain_covers_itself_and_those_below_where_it_says_so(string domain, bool subdomains, string author, bool isCovered)
    {
        await using var domains = SigningDomains.Open([DkimBed.Entry(domain, key: "/nowhere/absent.pem") with { Subdomains = subdomains }], TimeProvider.System);

        domains.All[0].Covers(author).ShouldBe(isCovered);
    }

    private static DkimOptions All(DkimOptions entry) => entry with { Mail = DkimMail.All };
}
