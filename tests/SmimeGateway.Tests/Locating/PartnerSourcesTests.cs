using SmimeGateway.Locating;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Locating;

public sealed class PartnerSourcesTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly OwnSources _own;

    public PartnerSourcesTests() => _own = OwnSources.Open([], previous: null, _time);

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_reload_hands_over_what_did_not_change_and_closes_the_rest()
    {
        await using var first = Open(Folder("kept", "a"), Folder("changed", "b"));
        await using var second = Open(first, Folder("kept", "a"), Folder("changed", "c"));

        second.Find("KEPT").ShouldBeSameAs(first.Find("kept"));
        second.Find("changed").ShouldNotBeSameAs(first.Find("changed"));
        second.Find("other").ShouldBeNull();

        await first.RetireAsync(second);
        WriteCertificate("a");
        WriteCertificate("b");
        _time.Advance(TimeSpan.FromSeconds(10));
        second.Find("kept")!.All.Count.ShouldBe(1);
        first.Find("changed")!.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_waits_for_arrivals_goes_over_a_reload_and_is_told_once()
    {
        await using var first = Open(Folder("kept", "a"));
        var told = 0;
        first.OnArrival(() => Interlocked.Increment(ref told));
        await using var second = Open(first, Folder("kept", "a"), Folder("new", "b"));
        await first.RetireAsync(second);
        told = 0;

        WriteCertificate("a");
        WriteCertificate("b");
        // A notification of the system may put a look off in the very moment at which the clock is moved, so the clock moves on.
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return second.Certificates.Count() == 2 && Volatile.Read(ref told) >= 2;
        });

        told.ShouldBe(2);
        second.Certificates.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Certificates_of_a_folder_that_accepts_all_are_vouched_for()
    {
        WriteCertificate("a");
        await using var sources = Open(Folder("all", "a") with { Accept = PartnerAcceptance.All }, Folder("trusted", "a"));

        sources.Find("all")!.All.ShouldHaveSingleItem().IsVouchedFor.ShouldBeTrue();
        sources.Find("trusted")!.All.ShouldHaveSingleItem().IsVouchedFor.ShouldBeFalse();
    }

    [Fact]
    public async Task Problems_name_the_source()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_folder["a"]).FullName, "x.cer"), "broken");
        await using var sources = Open(Folder("partners", "a"));

        sources.Problems.ShouldHaveSingleItem().Source.ShouldBe("partners");
    }

    private PartnerCertificateOptions Folder(string name, string folder)
    {
        Directory.CreateDirectory(_folder[folder]);
        return new PartnerCertificateOptions { Name = name, Folder = _folder[folder] };
    }

    private void WriteCertificate(string folder)
        => File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(_folder[folder]).FullName, "bob.cer"), TestPki.Issue("bob@partner.example").RawData);

    private PartnerSources Open(params PartnerCertificateOptions[] partners) => Open(null, partners);

    private PartnerSources Open(PartnerSources? previous, params PartnerCertificateOptions[] partners)
        => PartnerSources.Open(new CertificateOptions { Partners = partners }, _own, _folder["data"], previous, _time);
}
