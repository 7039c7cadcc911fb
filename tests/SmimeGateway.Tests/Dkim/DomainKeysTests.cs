using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Dkim;

/// <summary>Mail waits for a key that cannot be read: it never leaves without the signature that it is to have.</summary>
public sealed class DomainKeysTests
{
    [Theory]
    [InlineData("bob@clear.example")]
    [InlineData("bob@both.example")]
    [InlineData("bob@other.example")]
    [InlineData("bob@other.example carol@clear.example")]
    public async Task Without_one_of_its_keys_the_mail_waits_and_nothing_is_queued(string recipients)
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All }, DkimBed.Entry(selector: "ed", key: "absent.pem") with { Mail = DkimMail.All });

        var outcome = await bed.SendAsync(DkimBed.Mail(), recipients);

        outcome.ShouldBeOfType<Deferred>().Reply.ToString().ShouldBe("451 4.4.3 a key to sign with cannot be read now");
        outcome.Detail.ShouldBe($"the key of example.com (ed), {bed["absent.pem"]}: the file does not exist");
        bed.Queue.Collected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("bob@other.example", "alice@example.com")]
    [InlineData("bob@clear.example", "alice@other.example.com")]
    public async Task Mail_that_is_not_to_be_signed_by_it_does_not_wait(string recipient, string author)
    {
        await using var bed = new DkimBed(DkimBed.Entry(key: "absent.pem"));

        var outcome = await bed.SendAsync(DkimBed.Mail(author), recipient);

        outcome.Detail.ShouldNotContain("the key of");
    }

    [Fact]
    public async Task Laid_down_versions_are_forgotten_when_the_key_is_not_there()
    {
        await using var queue = new Queueing.QueueBed();
        await using var bed = new DkimBed([DkimBed.Entry(key: "absent.pem")], queue.Queue, memory: 1000);

        var outcome = await bed.SendAsync(DkimBed.Mail(), "bob@both.example dave@both.example");

        outcome.Reply.ToString().ShouldStartWith("451 4.4.3");
        (queue.Disk.List().Count(name => name.EndsWith(".message", StringComparison.Ordinal)), queue.Queue.Summarize().Messages).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Held_mail_stays_held_while_the_key_is_not_there()
    {
        await using var bed = new DkimBed(DkimBed.Entry(key: "absent.pem"));

        var prepared = await bed.ReleaseAsync(DkimBed.Mail(), "bob@both.example dave@both.example");

        prepared.Messages.ShouldBeEmpty();
        prepared.Refused.ShouldHaveSingleItem().Outcome.ShouldBeOfType<Deferred>();
    }

    [Theory]
    [InlineData("gateway.example.com", false, "rsa.pem", 1)]
    [InlineData("example.com", true, "rsa.pem", 1)]
    [InlineData("example.com", false, "rsa.pem", 0)]
    [InlineData("gateway.example.com", false, "absent.pem", 0)]
    public async Task Reports_are_signed_by_the_domain_of_the_gateway_and_wait_for_no_key(string domain, bool subdomains, string key, int signatures)
    {
        await using var bed = new DkimBed(DkimBed.Entry(domain, key: key) with { Subdomains = subdomains });
        var message = new QueuedMessage(
            new QueueId("Q1"), new Envelope(PathOf(DkimBed.Author), [new EnvelopeRecipient(PathOf("bob@other.example"))]), "Subject: hello\r\n\r\n"u8.ToArray(), TimeProvider.System.GetUtcNow(), Attempts: 1)
        {
            Protection = Protection.PassedUnchanged,
        };
        var failed = new DeliveryStatus(DeliveryAction.Failed, new EnhancedStatus(5, 1, 1), "no such user", RemoteMta: null);

        var report = bed.Reporter.Report(message, [new RecipientProgress(message.Envelope.Recipients[0], failed)], retryUntil: null, TimeProvider.System.GetUtcNow()).ShouldHaveSingleItem();

        await bed.ShouldVerifyAsync(signatures, report.Content.ToArray());
        bed.ReportLog.Any(line => line.StartsWith("Warning Q1 the report about it leaves without its DKIM signature", StringComparison.Ordinal)).ShouldBe(key == "absent.pem");
    }

    [Fact]
    public async Task A_report_within_a_transaction_is_signed_for_the_gateway_and_not_for_the_author_of_the_mail()
    {
        await using var bed = new DkimBed(DkimBed.Entry(), DkimBed.Entry("gateway.example.com", "ed"));

        var outcome = await bed.SendAsync(DkimBed.Mail(), "bob@both.example nobody@both.example");

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        bed.Queue.Collected.Single(message => message.Protection == Protection.OwnReport).SigningDomains.ShouldBe(["gateway.example.com (ed)"]);
        bed.Queue.Collected.Single(message => message.Protection != Protection.OwnReport).SigningDomains.ShouldBe(["example.com (rsa)"]);
        await bed.ShouldVerifyAsync(1, [.. bed.Queue.Collected.Select(message => message.Content.ToArray())]);
    }

    [Fact]
    public async Task A_key_that_comes_is_used_without_a_restart()
    {
        await using var bed = new DkimBed(DkimBed.Entry(key: "absent.pem"));
        (await bed.SendAsync(DkimBed.Mail(), "bob@clear.example")).Reply.Code.ShouldBe(451);

        File.WriteAllText(bed["absent.pem"], DkimKeyText.Generate(null));

        bed.Time.Advance(TimeSpan.FromMinutes(1));
        await TestSupport.Eventually.TrueAsync(() => bed.SigningDomains.All[0].Key.Key is not null);
        await bed.ShouldVerifyAsync(1, (await bed.LeavesAsync(DkimBed.Mail(), "bob@clear.example")).Content.ToArray());
    }

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : MailPath.Null;
}
