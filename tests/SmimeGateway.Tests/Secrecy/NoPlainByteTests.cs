using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Protecting;
using SmimeGateway.Tests.Queueing;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Tests.Secrecy;

/// <summary>
/// What a rule wants encrypted is nowhere in plain text, whatever breaks: not on the disk, not in a temporary file, not at the next hop, not
/// in a report, a reply or the log. The words searched for are in the body alone, for without protected headers the subject is no secret.
/// </summary>
[Collection(Alone.Name)]
public sealed class NoPlainByteTests(ITestOutputHelper output)
{
    private const int Messages = 1000;
    private static readonly ProtectingStep[] Steps = Enum.GetValues<ProtectingStep>();
    private static readonly Func<Exception>[] Troubles =
    [
        () => new CryptographicException("a fault of the test"), () => new IOException("a fault of the test"), () => new InvalidOperationException("a fault of the test"),
        () => new InsufficientMemoryException("a fault of the test"), () => new OperationCanceledException("a fault of the test"),
    ];

    [Fact]
    public async Task A_thousand_messages_with_a_fault_at_every_step_leave_no_plain_byte_anywhere()
    {
        var word = SomeWord();
        var search = new PlainSearch(word);
        ProtectingStep? breaking = null;
        var broken = Steps.ToDictionary(step => step, _ => 0);
        var current = 0;
        var (releasing, steps) = (false, 0);
        await using var bed = new SecrecyBed(SecretRules.All, step =>
        {
            if (step == breaking || (releasing && Interlocked.Increment(ref steps) is < 150 and var number && number % 7 == 0))
            {
                broken[step]++;
                throw Troubles[current % Troubles.Length]();
            }
        });
        await bed.StartDeliveriesAsync();

        var (accepted, refused) = (0, 0);
        for (current = 0; current < Messages; current++)
        {
            // Beside a fault at each of the steps: none at all, no certificate and no key to hold mail with, and a next hop that refuses.
            var fault = current % (Steps.Length + 3);
            breaking = fault < Steps.Length ? Steps[fault] : null;
            bed.IsCrippled = fault == Steps.Length;
            var rule = SecretRules.All[current / (Steps.Length + 3) % SecretRules.All.Count];
            string[] others = rule.Encrypt!.WhenMissing is WhenRecipientMissing.Hold or WhenRecipientMissing.Bounce || current % 2 == 0 ? ["carl"] : [];
            string[] refuses = fault == Steps.Length + 1 ? ["refused"] : [];
            var before = broken.Values.Sum();

            var outcome = await bed.OfferAsync(SecretMail.Write(current, $"{word}{current:0000}", rule.Name), ["bob", "dora", .. others, .. refuses]);

            if (broken.Values.Sum() > before)
            {
                outcome.Reply.Code.ShouldBe(451, $"{rule.Name}, {breaking}: {outcome}");
            }

            search.Finds($"{outcome.Reply} {outcome.Detail}").ShouldBeFalse();
            _ = outcome is Accepted ? accepted++ : refused++;
        }

        output.WriteLine($"{accepted} accepted, {refused} refused; faults: {string.Join(", ", broken)}; {bed.Queued}");
        broken.ShouldAllBe(step => step.Value > 5);
        accepted.ShouldBeGreaterThan(100);
        search.FilesWithIt(bed.Written).ShouldBeEmpty("while all that was accepted waits");

        breaking = null;
        bed.IsCrippled = false;
        bed.LetGo();
        await Eventually.TrueAsync(() => bed.Queued.Messages == bed.Queued.Waiting, TimeSpan.FromSeconds(60));
        bed.Queued.Waiting.ShouldBeGreaterThan(20);
        ShouldBeNowhere(bed, search);
        ShouldBeReadable(bed, "bob", word);

        // What was held breaks on its way out, too, at steps of all kinds, and is tried again.
        releasing = true;
        bed.Publish("carl");
        await Eventually.TrueAsync(() => steps >= 150, TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(
            async () =>
            {
                await bed.RetryAsync();
                return bed.Queued.Messages == 0;
            },
            TimeSpan.FromSeconds(60));
        ShouldBeNowhere(bed, search);
        ShouldBeReadable(bed, "carl", word);
    }

    [Fact]
    public async Task What_passes_in_plain_text_is_found_so_the_search_can_find()
    {
        var word = SomeWord();
        var search = new PlainSearch(word);
        await using var bed = new SecrecyBed([new RuleOptions { Name = "pass", Pass = true }], static _ => { });
        await bed.StartDeliveriesAsync();

        for (var number = 0; number < 5; number++)
        {
            (await bed.OfferAsync(SecretMail.Write(number, word, "pass"), "bob", "refused")).ShouldBeOfType<Accepted>();
        }

        search.FilesWithIt(bed.Written).ShouldNotBeEmpty();
        bed.LetGo();

        // Five messages to bob, and as many reports to alice, which return all but the one with 8-bit text.
        var received = await bed.NextHop.ReceivesAsync(10);
        received.Count(message => search.Finds(message.Content)).ShouldBe(9);
    }

    [Fact]
    public async Task A_disk_that_fails_now_and_then_gets_no_plain_byte_either()
    {
        var word = SomeWord();
        var search = new PlainSearch(word);
        var calls = 0;
        var disk = new MemoryFolder { BytesWrittenByFailingWrite = 3000 };
        await using var bed = new SecrecyBed(SecretRules.All, static _ => { }, disk);
        disk.Trouble = (_, call) => call != DiskCall.Read && Interlocked.Increment(ref calls) % 13 == 0 ? "a fault of the test" : null;

        var refused = 0;
        for (var number = 0; number < 150; number++)
        {
            var rule = SecretRules.All[number % SecretRules.All.Count];
            var outcome = await bed.OfferAsync(SecretMail.Write(number, word, rule.Name), "bob", "carl", "dora");
            search.Finds($"{outcome.Reply} {outcome.Detail}").ShouldBeFalse();
            refused += outcome.Reply.Code == 452 ? 1 : 0;
        }

        disk.Trouble = static (_, _) => null;
        output.WriteLine($"{refused} refused for the disk, {bed.Queued}");
        refused.ShouldBeGreaterThan(0);
        bed.Queued.Messages.ShouldBeGreaterThan(10);
        disk.Files.Where(file => search.Finds(file.Value.Bytes)).Select(file => file.Key).ShouldBeEmpty();
        search.FilesWithIt(bed.Written).ShouldBeEmpty();
        bed.Loggers.Lines.Where(search.Finds).ShouldBeEmpty();
    }

    private static string SomeWord() => "Marker" + Convert.ToHexString(RandomNumberGenerator.GetBytes(6));

    private static void ShouldBeNowhere(SecrecyBed bed, PlainSearch search)
    {
        search.FilesWithIt(bed.Written).ShouldBeEmpty();
        bed.Loggers.Lines.Where(search.Finds).ShouldBeEmpty();
        bed.NextHop.Messages.Where(message => search.Finds(message.Content)).Select(message => message.Header).ShouldBeEmpty();
        bed.NextHop.Messages.ShouldContain(message => message.From.Length == 0, "reports are among what was searched");
        bed.NextHop.Messages.Where(message => message.From.Length > 0).ShouldAllBe(message => IsProtected(message));
    }

    // Compressed text cannot be searched; but nothing leaves that is not encrypted, or signed around what is.
    private static bool IsProtected(CollectedMessage message)
    {
        var type = message.Field("Content-Type")!;
        var text = Encoding.Latin1.GetString(message.Content);
        return type.Contains("smime-type=enveloped-data", StringComparison.Ordinal)
            || type.Contains("smime-type=signed-data", StringComparison.Ordinal)
            || (type.StartsWith("multipart/signed", StringComparison.Ordinal) && text.Contains("smime-type=enveloped-data", StringComparison.Ordinal));
    }

    /// <summary>Somebody who has the key finds the word in what was encrypted, so there was something to be found.</summary>
    private static void ShouldBeReadable(SecrecyBed bed, string name, string word)
    {
        var contents = bed.NextHop.Messages
            .Where(message => message.Recipients.Contains(name + "@partner.example") && message.Field("Content-Type")!.Contains("enveloped-data", StringComparison.Ordinal))
            .Select(message =>
            {
                var enveloped = new EnvelopedCms();
                enveloped.Decode(SignedParts.Of(message.Content).Cms);
                enveloped.Decrypt([bed[name]]);
                return Encoding.Latin1.GetString(enveloped.ContentInfo.Content);
            });
        contents.Count(content => content.Contains(word, StringComparison.Ordinal)).ShouldBeGreaterThan(10);
    }
}
