using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>Whoever opens a pipe waits for a writer, and a device has no end: neither is opened wherever a file is expected.</summary>
public sealed class RegularFileTests : IDisposable
{
    private const string Bob = "bob@example.net";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public static TheoryData<string> Kinds => ["pipe", "link to a pipe", "link to a device"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    [InlineData("folder")]
    public async Task In_a_folder_of_partners_it_may_hide_whoever_is_not_found(string kind)
    {
        File.WriteAllText(_folder["bob.pem"], TestPki.MakeCertificatePem(TestPki.Issue(Bob)));
        await MakeAsync(kind, "a.pem");

        await using var source = await EndsAsync(() => PartnerFolder.Open("partners", _folder.Path, isVouchedFor: true, _time));

        (await source.FindAsync(Bob, default)).ShouldHaveSingleItem();
        var problem = source.Problems.ShouldHaveSingleItem();
        problem.ToString().ShouldContain(kind == "folder" ? "a folder stands where the file should be" : "a pipe, a socket or a device");
        problem.Conceals.ShouldBeTrue();
        if (kind == "folder")
        {
            Directory.Delete(_folder["a.pem"]);
        }
        else
        {
            File.Delete(_folder["a.pem"]);
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        source.Problems.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Where_it_is_named_it_counts_as_what_cannot_be_read(string kind)
    {
        await MakeAsync(kind, "own.pem");

        await using var source = await EndsAsync(() => PemPair.Open("office", _folder["own.pem"], null, null, _time));

        source.Problems.ShouldHaveSingleItem().Conceals.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_password_is_not_read_from_it(string kind)
    {
        await MakeAsync(kind, "password");

        var reason = await EndsAsync(() => SecretReader.FromFile(_folder["password"]).TryRead(out _, out var why) ? null : why);

        reason.ShouldBe($"the password file {_folder["password"]} cannot be read");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Among_roots_it_takes_no_trust_from_others(string kind)
    {
        File.WriteAllText(_folder["root.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        await MakeAsync(kind, "a.pem");

        var store = await EndsAsync(() => TrustStore.Load([_folder.Path], [], systemRoots: false, []));

        store.Roots.ShouldHaveSingleItem();
        store.Problems.ShouldHaveSingleItem().ToString().ShouldContain("a pipe, a socket or a device");
    }

    private static Task<T> EndsAsync<T>(Func<T> act) => Eventually.EndsAsync(Task.Run(act));

    private async Task MakeAsync(string kind, string name)
    {
        if (kind == "folder")
        {
            Directory.CreateDirectory(_folder[name]);
            return;
        }

        var pipe = kind == "pipe" ? _folder[name] : _folder["pipe"];
        if (kind != "link to a device")
        {
            using var process = System.Diagnostics.Process.Start("mkfifo", [pipe]);
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0);
        }

        if (kind != "pipe")
        {
            File.CreateSymbolicLink(_folder[name], kind == "link to a device" ? "/dev/zero" : pipe);
        }
    }
}
