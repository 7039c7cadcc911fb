using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>Messages count in the order in which they were signed, however often and late anybody sends them.</summary>
public sealed class SeenInOrderTests : IDisposable
{
    private const string Bob = "bob@example.net";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now.AddDays(1));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_certificate_has_its_own_newest_announcement_whatever_the_order_the_repetitions_and_the_restarts()
    {
        X509Certificate2[] certificates = [TestPki.Public(TestPki.Issue(Bob)), TestPki.Public(TestPki.Issue(Bob))];
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var folder = $"seen{seed}";
            var seen = Open(folder);

            // Both are known before; nothing of what follows is signed earlier.
            var newest = new (int Minute, byte[] Announced)[2];
            for (var i = 0; i < 2; i++)
            {
                newest[i] = (i, Announcement(0));
                seen.Keep(Bob, certificates[i], [], newest[i].Announced, TestPki.Now.AddMinutes(i)).ShouldBe(SeenChange.New);
            }

            for (var message = 0; message < 30; message++)
            {
                var (which, minute) = (random.Next(2), random.Next(2, 50));
                var announced = Announcement(minute % 5);
                seen = random.Next(5) == 0 ? Open(folder) : seen;
                var change = seen.Knows(Bob, certificates[which], announced, TestPki.Now.AddMinutes(minute))
                    ? SeenChange.None
                    : seen.Keep(Bob, certificates[which], [], announced, TestPki.Now.AddMinutes(minute));

                var isChange = minute > newest[which].Minute && !announced.SequenceEqual(newest[which].Announced);
                newest[which] = minute > newest[which].Minute ? (minute, announced) : newest[which];
                change.ShouldBe(isChange ? SeenChange.Capabilities : SeenChange.None, $"seed {seed}, message {message}");
                for (var i = 0; i < 2; i++)
                {
                    seen.Recall(Bob, certificates[i])!.Capabilities.ToArray().ShouldBe(newest[i].Announced, $"seed {seed}, message {message}");
                }
            }

            (await Open(folder).FindAsync(Bob, default)).Count.ShouldBe(2);
        }
    }

    [Fact]
    public async Task Old_mail_adds_no_certificate_to_an_address_of_which_newer_mail_is_known()
    {
        var (current, former) = (TestPki.Public(TestPki.Issue(Bob)), TestPki.Public(TestPki.Issue(Bob)));
        Open().Keep(Bob, current, [], default, TestPki.Now);

        Open().Keep(Bob, former, [], default, TestPki.Now).ShouldBe(SeenChange.None);
        Open().Keep(Bob, former, [], Announcement(1), TestPki.Now.AddDays(-2)).ShouldBe(SeenChange.None);

        (await Open().FindAsync(Bob, default)).ShouldHaveSingleItem().Certificate.RawData.ShouldBe(current.RawData);
        Open().Keep(Bob, former, [], default, TestPki.Now.AddSeconds(1)).ShouldBe(SeenChange.New);
    }

    [Fact]
    public void A_newer_message_that_announces_nothing_leaves_the_announcement_and_outdates_others()
    {
        var bob = TestPki.Public(TestPki.Issue(Bob));
        Open().Keep(Bob, bob, [], Announcement(1), TestPki.Now);
        Open().Keep(Bob, bob, [], default, TestPki.Now.AddHours(2)).ShouldBe(SeenChange.None);

        Open().Keep(Bob, bob, [], Announcement(2), TestPki.Now.AddHours(1)).ShouldBe(SeenChange.None);

        Open().Recall(Bob, bob)!.Capabilities.ToArray().ShouldBe(Announcement(1));
        Open().Recall(Bob, bob)!.Announced.ShouldBe(TestPki.Now);
    }

    [Fact]
    public void What_is_recalled_is_of_exactly_that_certificate_and_address()
    {
        var both = TestPki.Public(TestPki.IssueFor([Bob, "bill@example.net"]));
        var seen = Open();
        seen.Keep(Bob, both, [], Announcement(1), TestPki.Now);

        seen.Recall("BOB@example.net", both).ShouldNotBeNull();
        seen.Recall("bill@example.net", both).ShouldBeNull();
        seen.Recall(Bob, TestPki.Public(TestPki.Issue(Bob))).ShouldBeNull();
        seen.Recall("no mailbox", both).ShouldBeNull();
    }

    [Theory]
    [InlineData("announced: 2026-11-19T12:00:00.0000000Z\n", true)]
    [InlineData("announced: 2026-11-19T12:00:00.1234567Z\n", false)]
    [InlineData("", false)]
    public async Task A_file_of_an_earlier_version_serves_its_certificate_and_only_an_announcement_whose_signing_time_is_known(string line, bool isAnnounced)
    {
        var bob = TestPki.Public(TestPki.Issue(Bob));
        Open().Keep(Bob, bob, TestPki.Chain, default, TestPki.Now);
        var file = Directory.GetFiles(_folder["seen"]).Single();
        File.WriteAllText(
            file,
            $"address: {Bob}\nfirst-seen: 2026-11-01T08:00:00.7654321Z\nlast-seen: 2026-11-19T12:00:00.7654321Z\n{line}"
            + $"capabilities: {Convert.ToBase64String(Announcement(1))}\n\n{TestPki.MakeCertificatePem([bob, .. TestPki.Chain])}");
        File.SetLastWriteTimeUtc(file, TestPki.Now.AddDays(-1).UtcDateTime);

        var seen = Open();

        var found = (await seen.FindAsync(Bob, default)).ShouldHaveSingleItem();
        found.Companions.Count.ShouldBe(2);
        found.Capabilities.ToArray().ShouldBe(isAnnounced ? Announcement(1) : []);
        found.Announced.HasValue.ShouldBe(isAnnounced);
        seen.Keep(Bob, bob, [], Announcement(2), TestPki.Now.AddDays(-2)).ShouldBe(SeenChange.None);
        seen.Keep(Bob, bob, [], Announcement(2), TestPki.Now).ShouldBe(SeenChange.Capabilities);
    }

    [Fact]
    public void A_file_from_the_future_does_not_silence_its_owner()
    {
        var bob = TestPki.Public(TestPki.Issue(Bob));
        Open().Keep(Bob, bob, [], Announcement(1), TestPki.Now);
        File.SetLastWriteTimeUtc(Directory.GetFiles(_folder["seen"]).Single(), TestPki.Now.AddYears(3).UtcDateTime);

        Open().Keep(Bob, bob, [], Announcement(2), _time.GetUtcNow().AddSeconds(1)).ShouldBe(SeenChange.Capabilities);
    }

    [Fact]
    public async Task What_is_only_newer_is_not_read_again()
    {
        var bob = TestPki.Public(TestPki.Issue(Bob));
        var seen = Open();
        seen.Keep(Bob, bob, [], Announcement(1), TestPki.Now);
        var before = (await seen.FindAsync(Bob, default))[0];

        seen.Keep(Bob, bob, [], Announcement(1), TestPki.Now.AddHours(1));

        (await seen.FindAsync(Bob, default))[0].ShouldBeSameAs(before);
    }

    [Fact]
    public void The_owner_of_a_domain_has_room_for_so_many_new_certificates_a_day_and_leaves_room_for_others()
    {
        var allowance = new SeenAllowance(_time);
        Enumerable.Range(0, SeenAllowance.OfDomain).ShouldAllBe(i => allowance.TryTake($"user{i}@host{i}.flood.example"));

        allowance.TryTake("user@flood.example").ShouldBeFalse();
        allowance.TryTake("bob@partner.example").ShouldBeTrue();

        _time.Advance(TimeSpan.FromDays(1));
        allowance.TryTake("user@flood.example").ShouldBeTrue();
    }

    [Fact]
    public void All_domains_together_push_out_no_more_than_a_tenth_in_a_day()
    {
        var allowance = new SeenAllowance(_time);
        Enumerable.Range(0, SeenAllowance.InAll).ShouldAllBe(i => allowance.TryTake($"user@flood{i}.example"));

        allowance.TryTake("bob@partner.test").ShouldBeFalse();
        (SeenAllowance.InAll * 10).ShouldBeLessThanOrEqualTo(SeenCertificates.MaxCertificates);
    }

    [Fact]
    public void A_certificate_that_is_larger_than_any_is_not_kept()
    {
        var large = TestPki.IssueWith(
            new X500DistinguishedName("CN=Bob"), KeyKind.Rsa2048, TestPki.MakeAlternativeName(Bob), new X509Extension("1.3.6.1.4.1.99999.1", new byte[64 * 1024], critical: false));

        Open().Keep(Bob, TestPki.Public(large), [], default, TestPki.Now).ShouldBe(SeenChange.NoRoom);

        Open().Count.ShouldBe(0);
    }

    // A sequence with one entry of one octet: to this library, some capabilities or other.
    private static byte[] Announcement(int which) => [0x30, 0x03, 0x02, 0x01, (byte)which];

    private SeenCertificates Open(string folder = "seen") => SeenCertificates.Open("seen", _folder[folder], _time);
}
