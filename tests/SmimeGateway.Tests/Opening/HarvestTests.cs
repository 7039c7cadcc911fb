using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Cms;
using SmimeGateway.Locating;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Opening;

public sealed class HarvestTests : IAsyncDisposable
{
    private const string Bob = "bob@partner.example";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly GatewayCounters _counters = new();
    private readonly OwnSources _own;
    private readonly Harvest _harvest;

    public HarvestTests()
    {
        File.WriteAllText(_folder["roots.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        _own = OwnSources.Open([], previous: null, _time);
        _harvest = new Harvest(_counters, _time, NullLogger<Harvest>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _harvest.DisposeAsync();
        await _own.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_author_of_signed_mail_can_be_written_to_after_a_restart_too()
    {
        await using (var partners = Open())
        {
            var told = 0;
            partners.OnArrival(() => Interlocked.Increment(ref told));

            Offer(partners, SomeSigned.Mail(Bob, TestPki.Issue(Bob)));

            await Eventually.TrueAsync(() => _counters.CertificatesHarvested == 1);
            told.ShouldBe(1);
        }

        await using var again = Open();
        (await again.Find("seen")!.FindAsync(Bob, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Other_capabilities_of_a_known_author_are_kept()
    {
        await using var partners = Open();
        var bob = TestPki.Issue(Bob);
        Offer(partners, SomeSigned.Mail(Bob, bob, new SignerOptions { Chain = TestPki.Chain, Capabilities = null }, TestPki.Now.AddHours(-1)));
        await Eventually.TrueAsync(() => _counters.CertificatesHarvested == 1);
        (await partners.Find("seen")!.FindAsync(Bob, default))[0].Capabilities.IsEmpty.ShouldBeTrue();

        Offer(partners, SomeSigned.Mail(Bob, bob));

        await Eventually.TrueAsync(() => _counters.CertificatesHarvested == 2);
        (await partners.Find("seen")!.FindAsync(Bob, default)).ShouldHaveSingleItem().Capabilities.ToArray().ShouldBe(SmimeCapabilities.ReadByAll.Encode());
    }

    [Theory]
    [InlineData(ExistingProtection.None)]
    [InlineData(ExistingProtection.Enveloped)]
    public async Task Mail_that_is_not_signed_is_not_looked_at(ExistingProtection existing)
    {
        await using var partners = Open();

        Offer(partners, SomeSigned.Mail(Bob, TestPki.Issue(Bob)), existing);
        Offer(partners, SomeSigned.Mail("carol@partner.example", TestPki.Issue("carol@partner.example")));

        await Eventually.TrueAsync(() => _counters.CertificatesHarvested == 1);
        (await partners.Find("seen")!.FindAsync(Bob, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Garbage_is_survived()
    {
        await using var partners = Open();

        Offer(partners, "From: bob@partner.example\r\n\r\n"u8.ToArray());
        Offer(partners, [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i * 7))]);
        Offer(partners, SomeSigned.Mail(Bob, TestPki.Issue(Bob))[..^900]);
        Offer(partners, SomeSigned.Mail(Bob, TestPki.Issue(Bob)));

        await Eventually.TrueAsync(() => _counters.CertificatesHarvested == 1);
    }

    [Fact]
    public async Task A_message_there_is_no_room_for_is_left_out_and_counted()
    {
        await using var partners = Open();

        Offer(partners, new byte[65 * 1024 * 1024]);

        _counters.HarvestsSkipped.ShouldBe(1);
    }

    [Fact]
    public async Task Where_nothing_is_to_be_kept_nothing_is_done()
    {
        await using var partners = PartnerSources.Open(new CertificateOptions(), _own, _folder.Path, previous: null, _time);

        Offer(partners, new byte[65 * 1024 * 1024]);

        _counters.HarvestsSkipped.ShouldBe(0);
    }

    private void Offer(PartnerSources partners, byte[] message, ExistingProtection existing = ExistingProtection.OpaqueSigned)
        => _harvest.Offer("S1", message, existing, TestPki.Now, partners);

    private PartnerSources Open() => PartnerSources.Open(
        new CertificateOptions
        {
            Partners = [new PartnerCertificateOptions { Name = "seen", Harvested = new HarvestOptions() }],
            Trust = new TrustOptions { Roots = [_folder["roots.pem"]] },
        },
        _own,
        _folder.Path,
        previous: null,
        _time);
}
