using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>What a disk does not take, and what happens to the folder while the gateway runs.</summary>
public sealed class SeenOnDiskTests : IDisposable
{
    private const string Bob = "bob@example.net";

    private static readonly byte[] First = [0x30, 0x00];
    private static readonly byte[] Second = [0x30, 0x02, 0x30, 0x00];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly X509Certificate2 _certificate = TestPki.Public(TestPki.Issue(Bob));

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("unmounted")]
    [InlineData("gone")]
    public async Task Nothing_is_written_where_the_folder_is_not_the_one_that_was_read_and_the_folder_is_not_made_again(string way)
    {
        Open().Keep("alice@example.net", TestPki.Public(TestPki.Issue("alice@example.net")), [], First, TestPki.Now);
        var seen = Open();
        Directory.Move(_folder["seen"], _folder["elsewhere"]);
        if (way == "unmounted")
        {
            Directory.CreateDirectory(_folder["seen"]);
        }

        Should.Throw<IOException>(() => Keep(seen, First)).Message.ShouldContain("not the one that was read before");
        (Directory.Exists(_folder["seen"]) ? Directory.GetFileSystemEntries(_folder["seen"]) : []).ShouldBeEmpty();
        Directory.Exists(_folder["seen"]).ShouldBe(way == "unmounted");

        if (way == "unmounted")
        {
            Directory.Delete(_folder["seen"]);
        }

        Directory.Move(_folder["elsewhere"], _folder["seen"]);
        Keep(seen, First).ShouldBe(SeenChange.New);
        (await seen.FindAsync("alice@example.net", default)).Count.ShouldBe(1);
        seen.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_share_that_is_mounted_after_the_start_is_found(bool wasThere)
    {
        Keep(Open(), First);
        Directory.Move(_folder["seen"], _folder["elsewhere"]);
        if (wasThere)
        {
            Directory.CreateDirectory(_folder["seen"]);
        }

        var seen = Open();
        var told = 0;
        seen.OnArrival(() => told++);
        var version = seen.Version;
        (await seen.FindAsync(Bob, default)).ShouldBeEmpty();
        if (wasThere)
        {
            Directory.Delete(_folder["seen"]);
        }

        Directory.Move(_folder["elsewhere"], _folder["seen"]);

        (await seen.FindAsync(Bob, default)).ShouldHaveSingleItem();
        told.ShouldBe(1);
        seen.Version.ShouldBeGreaterThan(version);
        seen.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task That_a_share_is_away_is_told_until_it_is_back_whoever_is_asked_for()
    {
        var seen = Open();
        Keep(seen, First);
        seen.Keep("alice@example.net", TestPki.Public(TestPki.Issue("alice@example.net")), [], First, TestPki.Now);
        Directory.Move(_folder["seen"], _folder["elsewhere"]);
        Directory.CreateDirectory(_folder["seen"]);
        await seen.FindAsync(Bob, default);
        await seen.FindAsync("nobody@example.net", default);
        seen.Problems.ShouldHaveSingleItem();
        File.Copy(Directory.GetFiles(_folder["elsewhere"])[0], Path.Combine(_folder["seen"], Path.GetFileName(Directory.GetFiles(_folder["elsewhere"])[0])));
        await seen.FindAsync(Bob, default);
        await seen.FindAsync("alice@example.net", default);
        await seen.FindAsync(Bob, default);
        seen.Problems.ShouldHaveSingleItem();

        Directory.Delete(_folder["seen"], recursive: true);
        Directory.Move(_folder["elsewhere"], _folder["seen"]);
        (await seen.FindAsync(Bob, default)).ShouldHaveSingleItem();

        seen.Problems.ShouldBeEmpty();
        seen.Count.ShouldBe(2);
    }

    [Fact]
    public void A_share_that_is_another_device_after_it_was_mounted_anew_is_known_by_its_files()
    {
        var seen = Open();
        Keep(seen, First).ShouldBe(SeenChange.New);
        Directory.Move(_folder["seen"], _folder["elsewhere"]);
        Directory.CreateDirectory(_folder["seen"]);
        foreach (var file in Directory.GetFiles(_folder["elsewhere"]))
        {
            File.Move(file, Path.Combine(_folder["seen"], Path.GetFileName(file)));
        }

        Keep(seen, Second, TestPki.Now.AddHours(1)).ShouldBe(SeenChange.Capabilities);
    }

    [Fact]
    public async Task Who_is_not_in_a_folder_that_is_being_put_back_file_by_file_is_not_forgotten()
    {
        var seen = Open();
        Keep(seen, First);
        seen.Keep("alice@example.net", TestPki.Public(TestPki.Issue("alice@example.net")), [], First, TestPki.Now);
        Directory.Move(_folder["seen"], _folder["elsewhere"]);
        Directory.CreateDirectory(_folder["seen"]);
        var bobs = SeenFolder.DigestOf(Bob);
        foreach (var file in Directory.GetFiles(_folder["elsewhere"]).OrderBy(file => Path.GetFileName(file).StartsWith(bobs, StringComparison.Ordinal)))
        {
            (await seen.FindAsync(Bob, default)).Unread.ShouldHaveSingleItem().Reason.ShouldContain("not the one that was read before");
            File.Move(file, Path.Combine(_folder["seen"], Path.GetFileName(file)));
        }

        (await seen.FindAsync(Bob, default)).Count.ShouldBe(1);
        (await seen.FindAsync("alice@example.net", default)).Count.ShouldBe(1);
        seen.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_disk_does_not_take_counts_when_it_comes_again()
    {
        var seen = Open();
        Keep(seen, First).ShouldBe(SeenChange.New);
        var file = Directory.GetFiles(_folder["seen"]).Single();
        var carol = TestPki.Public(TestPki.Issue("carol@example.net"));
        Directory.CreateDirectory(Path.Combine(_folder["seen"], SeenFolder.NameOf("carol@example.net", carol.RawData) + ".pem", "in the way"));

        Should.Throw<IOException>(() => seen.Keep("carol@example.net", carol, [], First, TestPki.Now));
        Directory.Delete(Path.Combine(_folder["seen"], SeenFolder.NameOf("carol@example.net", carol.RawData) + ".pem"), recursive: true);
        seen.Keep("carol@example.net", carol, [], First, TestPki.Now).ShouldBe(SeenChange.New);

        Directory.Move(_folder["seen"], _folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["seen"], _folder["seen"]);
        Should.Throw<IOException>(() => Keep(seen, Second, TestPki.Now.AddHours(1)));
        File.Delete(_folder["seen"]);
        Directory.Move(_folder["elsewhere"], _folder["seen"]);
        Keep(seen, Second, TestPki.Now.AddHours(1)).ShouldBe(SeenChange.Capabilities);
        (await seen.FindAsync(Bob, default)).ShouldHaveSingleItem().Capabilities.ToArray().ShouldBe(Second);
        File.Exists(file).ShouldBeTrue();
    }

    private SeenCertificates Open() => SeenCertificates.Open("seen", _folder["seen"], _time);

    private SeenChange Keep(SeenCertificates seen, byte[] capabilities, DateTimeOffset? at = null) => seen.Keep(Bob, _certificate, [], capabilities, at ?? TestPki.Now);
}
