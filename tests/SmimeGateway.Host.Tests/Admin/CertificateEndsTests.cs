using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Host.Admin;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Locating;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Admin;

public sealed class CertificateEndsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whatever_the_gateway_works_with_is_told_when_it_ends_soon_or_has_ended()
    {
        await using var services = await OpenAsync(TimeSpan.FromDays(30));

        var sentences = StandingCheck.FindKnown(services.Configuration, _time.GetUtcNow()).Concat(RouteFilesCheck.Check(services.Configuration, _time.GetUtcNow()))
            .Where(finding => finding.Severity == CheckSeverity.Warning).Select(finding => finding.Sentence).ToList();

        sentences.ShouldContain(sentence => sentence.StartsWith("office: old@example.com: Expired on ", StringComparison.Ordinal) && sentence.EndsWith("old.pfx). Replace it.", StringComparison.Ordinal));
        sentences.ShouldContain(sentence => sentence.StartsWith("listener \"internal\": ", StringComparison.Ordinal) && sentence.EndsWith("until 2026-11-30 (9 days left). Replace it in time.", StringComparison.Ordinal));
        sentences.ShouldContain(sentence => sentence.StartsWith("routes[0].certificate: CN=client.example.com, valid until 2026-12-20.", StringComparison.Ordinal) && sentence.EndsWith("Replace it in time.", StringComparison.Ordinal));
        sentences.SelectMany(SentenceFlaws.In).ShouldBeEmpty();
    }

    [Fact]
    public async Task Until_when_it_is_told_is_configured_and_an_authority_is_among_all()
    {
        await using var services = await OpenAsync(TimeSpan.FromDays(10));

        RouteFilesCheck.Check(services.Configuration, _time.GetUtcNow()).ShouldNotContain(finding => finding.Text.Contains("2026-12-20. Replace", StringComparison.Ordinal));
        CertificateEnds.Of(services.Configuration, _time.GetUtcNow()).ShouldContain(end => end.Use == "authority \"local\"");
    }

    private async Task<GatewayServices> OpenAsync(TimeSpan warnBefore)
    {
        TestPki.WriteP12(_folder["old.pfx"], "", TestPki.Expired("old@example.com"));
        TestPki.WriteP12(_folder["new.pfx"], "", TestPki.Issue("new@example.com"));
        TestPki.WritePem(_folder["tls.pem"], TestPki.ForHost("mx.example.com", new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero)));
        TestPki.WritePem(_folder["client.pem"], TestPki.ForHost("client.example.com", new DateTimeOffset(2026, 12, 20, 0, 0, 0, TimeSpan.Zero)));
        return await GatewayServices.OpenAsync(
            new GatewayOptions
            {
                HostName = "mx.example.com",
                DataFolder = _folder.Path,
                Listeners =
                [
                    new ListenerOptions
                    {
                        Name = "internal", Endpoint = new IPEndPoint(IPAddress.Loopback, 0), Tls = new() { Mode = ListenerTlsMode.Offered, Certificate = _folder["tls.pem"] },
                    },
                ],
                Certificates = new()
                {
                    WarnBefore = warnBefore,
                    Own =
                    [
                        new OwnCertificateOptions { Name = "office", Pkcs12 = _folder["old.pfx"] },
                        new OwnCertificateOptions { Name = "fresh", Pkcs12 = _folder["new.pfx"] },
                        new OwnCertificateOptions { Name = "local", Authority = _folder["ca"], IssueFor = ["*@example.com"] },
                    ],
                },
                Routes =
                [
                    new RouteOptions
                    {
                        Recipients = ["*"], Hosts = [new DnsEndPoint("127.0.0.1", 25)], Tls = RouteTls.Required,
                        Certificate = new() { Pem = new() { Certificate = _folder["client.pem"] } },
                    },
                ],
                Queue = new QueueOptions { Disk = _folder["queue"] },
            },
            _time,
            NullLoggerFactory.Instance);
    }
}
