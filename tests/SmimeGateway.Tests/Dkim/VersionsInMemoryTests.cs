using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Protecting;

namespace SmimeGateway.Tests.Dkim;

/// <summary>What versions take, where a domain signs each of them.</summary>
public sealed class VersionsInMemoryTests
{
    private const string Line = "line\r\n";
    private const string LongLine = "a line that is not ended";

    // In plain text for want of a certificate: what encrypting would have taken is asked for already.
    [Theory]
    [InlineData("bob@other.example", Line, 2.0)]
    [InlineData("bob@other.example", LongLine, 5.2)]
    [InlineData("bob@unsigned.example", Line, 2.0)]
    [InlineData("bob@unsigned.example", LongLine, 5.2)]
    [InlineData("nobody@unencrypted.example", Line, 5.8)]
    [InlineData("nobody@unencrypted.example", LongLine, 6.6)]
    public async Task Memory_for_the_copies_of_what_passes_is_asked_for_first(string recipient, string line, double times)
    {
        foreach (var isGranted in new[] { true, false })
        {
            await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All });
            var mail = DkimBed.Mail(body: string.Concat(Enumerable.Repeat(line, 10_000)));
            var (asked, needed) = (0L, (long)(times * mail.Length));

            var outcome = await bed.SendAsync(mail, recipient, memory: (octets, _) =>
            {
                asked = Math.Max(asked, octets);
                return ValueTask.FromResult(isGranted || octets < needed - 2);
            });

            outcome.Reply.Code.ShouldBe(isGranted ? 250 : 452);
            asked.ShouldBeInRange(needed - 2, needed + 2);
            bed.Queue.Collected.Count.ShouldBe(isGranted ? 1 : 0);
        }
    }

    [Fact]
    public async Task A_version_gives_way_to_its_signed_copy_before_the_next_is_signed()
    {
        await using var bed = new DkimBed(DkimBed.Entry());
        var work = bed.Begin(DkimBed.Mail());
        List<ProtectedMessage> versions =
        [
            .. Enumerable.Range(0, 3).Select(number => new ProtectedMessage(work.Message.Envelope, Encoding.ASCII.GetBytes(DkimBed.Mail(body: $"{number}\r\n")), Protection.Encrypted)),
        ];

        work.Add(new Decision("rule", DecisionAction.Protect, null, AlreadyProtected.Keep), versions).ShouldBeNull();

        versions.ShouldAllBe(version => version.SigningDomains!.Count == 1, "who made them holds none of the unsigned ones");
        work.Ready.Select(ready => ready.Message).ShouldBe(versions);
    }

    [Fact]
    public async Task Released_versions_too_many_for_memory_are_laid_down_and_become_the_successors_of_what_was_held()
    {
        await using var queue = new Queueing.QueueBed();
        await using var bed = new DkimBed([DkimBed.Entry()], queue.Queue, memory: 1000);
        await queue.Queue.EnqueueAsync([Queueing.Mail.Sealed("sealed", "bob@both.example")], CancellationToken.None);
        var held = await queue.Queue.TakeAsync(CancellationToken.None);

        var prepared = await bed.ReleaseAsync(DkimBed.Mail(), "bob@both.example dave@both.example");

        prepared.Messages.Count.ShouldBe(2);
        prepared.Messages.ShouldAllBe(ready => ready.Message.Place != null);
        var record = Queueing.Mail.All(held, Queueing.Mail.Delivered) with { Successors = [.. prepared.Messages.Select(ready => ready.Message)], IsRefusable = true };
        await queue.Queue.RecordAsync(held, record, CancellationToken.None);
        queue.CutPower(new Random(3));
        await bed.ShouldVerifyAsync(1, [.. (await Queueing.Mail.DrainAsync(queue.Queue)).Select(message => message.Content.Read().ToArray())]);
    }

    [Fact]
    public async Task Of_a_release_that_some_are_refused_only_what_the_others_get_stays_laid_down()
    {
        await using var queue = new Queueing.QueueBed();
        await using var bed = new DkimBed([DkimBed.Entry()], queue.Queue, memory: 1000);
        var calls = 0;
        queue.Disk.Trouble = (name, call) =>
            call == Queueing.DiskCall.Write && name.EndsWith(".message", StringComparison.Ordinal) && ++calls == 4 ? "No space left on device" : null;

        var prepared = await bed.ReleaseAsync(DkimBed.Mail(), "bob@both.example dave@both.example bob@encrypted.example dave@encrypted.example");

        prepared.Refused.ShouldHaveSingleItem().Recipients.Count.ShouldBe(2);
        prepared.Messages.Count.ShouldBe(2);
        queue.Disk.List().Count(name => name.EndsWith(".message", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("rsa.pem", 2, 2, 1, 2)]
    [InlineData("absent.pem", 0, 0, 0, 0)]
    public async Task What_was_done_is_counted_once_it_is_kept(string key, int byUs, int encrypted, int held, int byDomain)
    {
        await using var bed = new DkimBed(DkimBed.Entry(key: key));

        await bed.SendAsync(DkimBed.Mail(), "nobody@held.example bob@both.example dave@both.example");

        var counters = bed.Counters;
        (counters.MessagesSigned, counters.MessagesEncrypted, counters.MessagesHeld, counters.MessagesDomainSigned).ShouldBe((byUs, encrypted, held, byDomain));
    }
}
