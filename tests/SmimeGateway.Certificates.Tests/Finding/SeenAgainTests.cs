using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>Whatever becomes of the files, old mail stays old, and what was not written is not known.</summary>
public sealed class SeenAgainTests : IDisposable
{
    private const string Bob = "bob@example.net";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now.AddDays(1));
    private readonly X509Certificate2 _bob = TestPki.Public(TestPki.Issue(Bob));

    public void Dispose()
    {
        _bob.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("deleted")]
    public void A_file_that_was_damaged_or_deleted_is_no_reason_to_believe_older_mail(string how)
    {
        var seen = Open();
        seen.Keep(Bob, _bob, [], Announcement(1), TestPki.Now);
        var file = Directory.GetFiles(_folder["seen"]).Single();
        Spoil(file, how);

        seen.Keep(Bob, _bob, [], Announcement(2), TestPki.Now.AddHours(-1)).ShouldBe(SeenChange.None);
        seen.Keep(Bob, _bob, [], Announcement(2), TestPki.Now).ShouldBe(SeenChange.None);
        seen.Keep(Bob, _bob, [], Announcement(3), TestPki.Now.AddHours(1)).ShouldBe(SeenChange.New);

        seen.Recall(Bob, _bob)!.Capabilities.ToArray().ShouldBe(Announcement(3));
    }

    [Fact]
    public void An_announcement_that_was_not_written_does_not_outdate_the_next_one()
    {
        var seen = Open();
        seen.Keep(Bob, _bob, [], Announcement(1), TestPki.Now);

        seen.Keep(Bob, _bob, [], new byte[1024 * 1024], TestPki.Now.AddHours(1)).ShouldBe(SeenChange.NoRoom);

        seen.Knows(Bob, _bob, Announcement(2), TestPki.Now.AddHours(1)).ShouldBeFalse();
        seen.Keep(Bob, _bob, [], Announcement(2), TestPki.Now.AddHours(1)).ShouldBe(SeenChange.Capabilities);
        seen.Recall(Bob, _bob)!.Capabilities.ToArray().ShouldBe(Announcement(2));
    }

    [Fact]
    public async Task While_the_folder_cannot_be_listed_nothing_is_known_to_be_new_or_absent()
    {
        Open().Keep(Bob, _bob, [], Announcement(1), TestPki.Now);
        Directory.Move(_folder["seen"], _folder["good"]);
        Directory.CreateSymbolicLink(_folder["seen"], _folder["seen"]);
        var seen = Open();
        var other = TestPki.Public(TestPki.Issue(Bob));

        Should.Throw<SourceUnreachableException>(() => seen.Recall(Bob, _bob));
        Should.Throw<SourceUnreachableException>(() => seen.Knows(Bob, _bob, default, TestPki.Now));
        Should.Throw<SourceUnreachableException>(() => seen.Keep(Bob, other, [], default, TestPki.Now.AddHours(-1)));

        File.Delete(_folder["seen"]);
        Directory.Move(_folder["good"], _folder["seen"]);
        _time.Advance(TimeSpan.FromSeconds(10));
        seen.Keep(Bob, other, [], default, TestPki.Now.AddHours(-1)).ShouldBe(SeenChange.None);
        seen.Recall(Bob, _bob)!.Capabilities.ToArray().ShouldBe(Announcement(1));
        (await seen.FindAsync(Bob, default)).Count.ShouldBe(1);
    }

    private static void Spoil(string file, string how)
    {
        if (how == "deleted")
        {
            File.Delete(file);
        }
        else
        {
            File.WriteAllText(file, "nothing");
        }
    }

    private static byte[] Announcement(int which) => [0x30, 0x03, 0x02, 0x01, (byte)which];

    private SeenCertificates Open() => SeenCertificates.Open("seen", _folder["seen"], _time);
}
