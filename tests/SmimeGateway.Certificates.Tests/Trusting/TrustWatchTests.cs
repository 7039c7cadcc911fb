using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Trusting;

public sealed class TrustWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_root_that_is_added_is_trusted_without_a_restart_and_told()
    {
        await using var watch = Watch();
        var told = 0;
        watch.Changes.Add(() => told = watch.Current.Roots.Count);
        watch.Current.Roots.ShouldBeEmpty();

        File.WriteAllText(_folder["root.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        _time.Advance(TimeSpan.FromSeconds(10));

        watch.Current.Roots.Count.ShouldBe(1);
        told.ShouldBe(1);
    }

    [Fact]
    public async Task A_store_whose_files_did_not_change_stays_the_same()
    {
        File.WriteAllText(_folder["root.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        await using var watch = Watch();
        var before = watch.Current;

        _time.Advance(TimeSpan.FromSeconds(30));

        watch.Current.ShouldBeSameAs(before);
    }

    [Fact]
    public async Task Where_the_files_cannot_be_told_from_changing_ones_the_store_still_stays_as_long_as_it_trusts_the_same()
    {
        File.WriteAllText(_folder["root.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        File.SetLastWriteTimeUtc(_folder["root.pem"], TestPki.Now.UtcDateTime.AddSeconds(1));
        await using var watch = Watch();
        var told = 0;
        watch.Changes.Add(() => told++);
        var before = watch.Current;

        for (var look = 0; look < 5; look++)
        {
            File.SetLastWriteTimeUtc(_folder["root.pem"], _time.GetUtcNow().UtcDateTime.AddSeconds(10));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        watch.Current.ShouldBeSameAs(before);
        told.ShouldBe(0);
        File.WriteAllText(_folder["other.pem"], TestPki.MakeCertificatePem(TestPki.Chain[0]));
        _time.Advance(TimeSpan.FromSeconds(10));
        told.ShouldBe(1);
    }

    [Fact]
    public async Task A_link_that_leads_in_a_circle_hides_no_change()
    {
        File.WriteAllText(_folder["root.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        File.CreateSymbolicLink(_folder["circle.pem"], _folder["circle.pem"]);
        await using var watch = Watch();
        var before = watch.Current;
        var told = 0;
        watch.Changes.Add(() => told++);

        _time.Advance(TimeSpan.FromSeconds(30));
        watch.Current.ShouldBeSameAs(before);
        File.Delete(_folder["root.pem"]);
        _time.Advance(TimeSpan.FromSeconds(10));

        told.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_read_before_somebody_asks()
    {
        var loads = 0;
        await using var watch = new TrustWatch([_folder.Path], () => { loads++; return new TrustStore([], []); }, _time);

        _time.Advance(TimeSpan.FromSeconds(30));
        loads.ShouldBe(0);
        _ = watch.Current;
        loads.ShouldBe(1);
    }

    private TrustWatch Watch() => new([_folder.Path], () => TrustStore.Load([_folder.Path], [], systemRoots: false, []), _time);
}
