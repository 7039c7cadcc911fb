using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class SeenCertificatesTests : IDisposable
{
    private const string Bob = "bob@example.net";

    private static readonly byte[] First = [0x30, 0x00];
    private static readonly byte[] Second = [0x30, 0x02, 0x30, 0x00];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_certificate_is_found_again_after_a_restart()
    {
        var certificate = TestPki.Public(TestPki.Issue(Bob));
        Open().Keep("Bob@EXAMPLE.net", certificate, TestPki.Chain, First, TestPki.Now).ShouldBe(SeenChange.New);

        var partner = (await Open().FindAsync(Bob, default)).ShouldHaveSingleItem();

        partner.Certificate.RawData.ShouldBe(certificate.RawData);
        partner.Companions.Select(companion => companion.RawData).ShouldBe(TestPki.Chain.Select(above => above.RawData));
        partner.Capabilities.ToArray().ShouldBe(First);
        partner.Source.ShouldBe("seen");
        partner.IsVouchedFor.ShouldBeFalse();
        Open().All.ShouldHaveSingleItem().Location.ShouldBe(partner.Location);
    }

    [Fact]
    public void A_file_names_its_address_and_is_read_by_others()
    {
        Open().Keep(Bob, TestPki.Public(TestPki.Issue(Bob)), [], First, TestPki.Now);

        var file = Directory.GetFiles(_folder["seen"]).ShouldHaveSingleItem();
        var text = File.ReadAllText(file);

        text.ShouldStartWith("address: bob@example.net\nfirst-seen: 2026-11-20T12:00:00.0000000Z\n");
        Path.GetFileName(file).ShouldNotContain("bob");
        System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(text).Subject.ShouldContain(Bob);
    }

    [Fact]
    public async Task A_newer_announcement_replaces_an_older_one_and_never_the_other_way_round()
    {
        var seen = Open();
        var certificate = TestPki.Public(TestPki.Issue(Bob));
        seen.Keep(Bob, certificate, [], First, TestPki.Now.AddHours(-2));

        seen.Keep(Bob, certificate, [], Second, TestPki.Now.AddHours(-3)).ShouldBe(SeenChange.None);
        (await CapabilitiesAsync(seen)).ShouldBe(First);
        seen.Keep(Bob, certificate, [], Second, TestPki.Now.AddHours(-1)).ShouldBe(SeenChange.Capabilities);
        (await CapabilitiesAsync(seen)).ShouldBe(Second);
        seen.Keep(Bob, certificate, [], default, TestPki.Now).ShouldBe(SeenChange.None);

        (await CapabilitiesAsync(Open())).ShouldBe(Second);
    }

    [Fact]
    public void What_would_change_nothing_is_known()
    {
        var seen = Open();
        var certificate = TestPki.Public(TestPki.Issue(Bob));
        seen.Knows(Bob, certificate, First, TestPki.Now).ShouldBeFalse();
        seen.Keep(Bob, certificate, [], First, TestPki.Now);

        seen.Knows("BOB@example.net", certificate, First, TestPki.Now).ShouldBeTrue();
        seen.Knows(Bob, certificate, Second, TestPki.Now).ShouldBeTrue();
        seen.Knows(Bob, certificate, First, TestPki.Now.AddSeconds(59)).ShouldBeTrue();
        seen.Knows(Bob, certificate, default, TestPki.Now.AddSeconds(59)).ShouldBeTrue();
        seen.Knows(Bob, certificate, Second, TestPki.Now.AddSeconds(1)).ShouldBeFalse();
        seen.Knows(Bob, certificate, First, TestPki.Now.AddMinutes(1)).ShouldBeFalse();
        seen.Knows(Bob, TestPki.Public(TestPki.Issue(Bob)), First, TestPki.Now).ShouldBeTrue();
        seen.Knows(Bob, TestPki.Public(TestPki.Issue(Bob)), First, TestPki.Now.AddSeconds(1)).ShouldBeFalse();
        Open().Knows(Bob, certificate, First, TestPki.Now).ShouldBeTrue();
    }

    [Fact]
    public async Task An_announcement_that_was_repeated_is_not_replaced_by_one_in_between()
    {
        var seen = Open();
        var certificate = TestPki.Public(TestPki.Issue(Bob));
        seen.Keep(Bob, certificate, [], First, TestPki.Now.AddHours(-3));
        seen.Keep(Bob, certificate, [], First, TestPki.Now.AddHours(-1));

        seen.Keep(Bob, certificate, [], Second, TestPki.Now.AddHours(-2)).ShouldBe(SeenChange.None);

        (await CapabilitiesAsync(seen)).ShouldBe(First);
    }

    [Fact]
    public async Task Several_certificates_of_an_address_are_all_found_and_those_of_others_are_not()
    {
        var seen = Open();
        Keep(seen, Bob);
        _time.Advance(TimeSpan.FromSeconds(1));
        Keep(seen, Bob);
        Keep(seen, "carol@example.net");

        (await seen.FindAsync(Bob, default)).Count.ShouldBe(2);
        (await seen.FindAsync("dave@example.net", default)).ShouldBeEmpty();
        (await seen.FindAsync("no mailbox", default)).ShouldBeEmpty();
    }

    [Fact]
    public void A_certificate_is_never_kept_for_an_address_it_does_not_name()
    {
        var seen = Open();

        Should.Throw<ArgumentException>(() => seen.Keep(Bob, TestPki.Public(TestPki.Issue("mallory@example.net")), [], default, TestPki.Now));
        seen.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_file_under_the_name_of_another_address_serves_nobody()
    {
        var seen = Open();
        Keep(seen, Bob);
        Keep(seen, "mallory@example.net");
        var files = Directory.GetFiles(_folder["seen"]);
        var bobs = files.Single(file => File.ReadAllText(file).Contains("address: bob@"));
        var mallorys = files.Single(file => file != bobs);

        File.Copy(mallorys, bobs, overwrite: true);

        (await Open().FindAsync(Bob, default)).ShouldBeEmpty();
    }

    [Fact]
    public void Beyond_the_bound_those_not_seen_for_the_longest_time_are_dropped_after_a_restart_too()
    {
        var seen = Open(bound: 3);
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            Keep(seen, $"{name}@example.net");
            _time.Advance(TimeSpan.FromDays(1));
        }

        Addresses(seen).ShouldBe(["b@example.net", "c@example.net", "d@example.net"]);
        Directory.GetFiles(_folder["seen"]).Length.ShouldBe(3);
        Addresses(Open(bound: 2)).ShouldBe(["c@example.net", "d@example.net"]);
    }

    [Fact]
    public async Task An_address_with_more_certificates_than_anybody_has_keeps_the_newest()
    {
        var seen = Open();
        for (var i = 0; i < 22; i++)
        {
            Keep(seen, Bob);
            _time.Advance(TimeSpan.FromDays(1));
        }

        (await seen.FindAsync(Bob, default)).Count.ShouldBe(20);
    }

    [Fact]
    public async Task Who_is_seen_again_stays()
    {
        var seen = Open(bound: 2);
        var old = TestPki.Public(TestPki.Issue("old@example.net"));
        seen.Keep("old@example.net", old, [], default, TestPki.Now);
        _time.Advance(TimeSpan.FromDays(1));
        Keep(seen, "b@example.net");
        _time.Advance(TimeSpan.FromDays(1));
        seen.Keep("old@example.net", old, [], default, _time.GetUtcNow()).ShouldBe(SeenChange.None);

        Keep(seen, "c@example.net");

        (await seen.FindAsync("old@example.net", default)).Count.ShouldBe(1);
        (await seen.FindAsync("b@example.net", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_deletes_a_file_has_the_certificate_forgotten()
    {
        var seen = Open();
        Keep(seen, Bob);
        (await seen.FindAsync(Bob, default)).Count.ShouldBe(1);

        Directory.GetFiles(_folder["seen"]).ToList().ForEach(File.Delete);

        (await seen.FindAsync(Bob, default)).ShouldBeEmpty();
        seen.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_damaged_file_is_a_problem_and_takes_no_other_away()
    {
        var seen = Open();
        Keep(seen, Bob);
        _time.Advance(TimeSpan.FromSeconds(1));
        Keep(seen, Bob);
        var damaged = Directory.GetFiles(_folder["seen"])[0];
        File.WriteAllText(damaged, "address: bob@example.net\nfirst-seen: yesterday\n\n-----BEGIN CERTIFICATE-----\n");

        (await seen.FindAsync(Bob, default)).Count.ShouldBe(1);
        (await seen.FindAsync(Bob, default)).Count.ShouldBe(1);

        seen.Problems.ShouldHaveSingleItem().Location.ShouldBe(damaged);
        File.Delete(damaged);
        (await seen.FindAsync(Bob, default)).Count.ShouldBe(1);
        seen.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_may_ask_while_one_keeps()
    {
        var seen = Open(bound: 50);
        var certificates = Enumerable.Range(0, 100).Select(i => TestPki.Public(TestPki.Issue($"user{i}@example.net"))).ToList();
        var keeping = Task.Run(() => certificates.ForEach(certificate =>
        {
            seen.Keep(CertificateTraits.Read(certificate).Addresses[0], certificate, [], default, _time.GetUtcNow());
            _time.Advance(TimeSpan.FromSeconds(1));
        }));

        while (!keeping.IsCompleted)
        {
            (await seen.FindAsync("user10@example.net", default)).Count.ShouldBeLessThanOrEqualTo(1);
            seen.All.Count.ShouldBeLessThanOrEqualTo(52);
        }

        await keeping;
        seen.Count.ShouldBeLessThanOrEqualTo(50);
        (await seen.FindAsync("user99@example.net", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Arrivals_are_told_once_the_certificate_can_be_found()
    {
        var seen = Open();
        var found = -1;
        seen.OnArrival(() => found = seen.All.Count);
        var version = seen.Version;

        Keep(seen, Bob);

        found.ShouldBe(1);
        seen.Version.ShouldBeGreaterThan(version);
        await seen.DisposeAsync();
    }

    [Fact]
    public async Task What_was_read_is_not_read_again_until_it_changes()
    {
        var seen = Open();
        Keep(seen, Bob);

        var first = (await seen.FindAsync(Bob, default))[0];
        var again = (await seen.FindAsync(Bob, default))[0];

        again.ShouldBeSameAs(first);
    }

    private void Keep(SeenCertificates seen, string address)
        => seen.Keep(address, TestPki.Public(TestPki.Issue(address)), [], default, _time.GetUtcNow()).ShouldBe(SeenChange.New);

    private static async Task<byte[]> CapabilitiesAsync(SeenCertificates seen) => (await seen.FindAsync(Bob, default))[0].Capabilities.ToArray();

    private static IEnumerable<string> Addresses(SeenCertificates seen) => seen.All.SelectMany(partner => partner.Traits.Addresses).Order(StringComparer.Ordinal);

    private SeenCertificates Open(int bound = SeenCertificates.MaxCertificates) => SeenCertificates.Open("seen", _folder["seen"], bound, _time);
}
