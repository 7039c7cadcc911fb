using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Host.Admin;
using SmimeGateway.Locating;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Admin;

public sealed class CertificateEndsTests : IDisposable
{
    private static readonly CertificateEnd End = new(
        "listener \"internal\"", Certificates.CertificateTraits.Read(TestPki.ForHost("mx.example.com")), "tls.pem", 3);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whatever_the_gateway_works_with_is_told_when_it_ends_soon_or_has_ended()
    {
        await using var services = await OpenAsync(TimeSpan.FromDays(30));

        var sentences = CertificateEnds.Near(services.Configuration, _time.GetUtcNow()).Select(end => end.Sentence).ToList();

        sentences.Count.ShouldBe(3);
        sentences[0].ShouldMatch("^own certificate of \"office\": old@example.com, serial [0-9A-F]+ \\(.*old.pfx\\) expired on .*\\. Replace it\\.$");
        sentences[1].ShouldMatch("^listener \"internal\": CN=mx.example.com, serial [0-9A-F]+ \\(.*tls.pem\\) ends in 9 day\\(s\\), on 2026-11-30\\. Replace it\\.$");
        sentences[2].ShouldMatch("^route to .*: CN=client.example.com, serial [0-9A-F]+ \\(.*client.pem\\) ends in 29 day\\(s\\), on 2026-12-20\\. Replace it\\.$");
        new Health(services, log: null, () => null, _time).FindWarnings().ShouldBe(sentences);
        new Health(services, log: null, () => null, _time).FindTroubles().ShouldNotContain(trouble => trouble.Contains("Replace it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Until_when_it_is_told_is_configured_and_an_authority_is_among_all()
    {
        await using var services = await OpenAsync(TimeSpan.FromDays(10));

        CertificateEnds.Near(services.Configuration, _time.GetUtcNow()).Count.ShouldBe(2);
        CertificateEnds.Of(services.Configuration, _time.GetUtcNow()).ShouldContain(end => end.Use == "authority \"local\"");
    }

    [Fact]
    public void The_log_is_told_at_the_start_and_once_a_day_whatever_a_look_throws()
    {
        var log = new Lines();
        var looks = 0;
        using var watch = new ExpiryWatch(() => ++looks == 2 ? throw new IOException("broken") : [End], _time, log);
        log.Texts.ShouldHaveSingleItem().ShouldContain("listener \"internal\"");

        _time.Advance(TimeSpan.FromHours(23));
        log.Texts.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromHours(1));
        log.Texts[1].ShouldContain("looked at again tomorrow");
        _time.Advance(TimeSpan.FromDays(1));

        log.Texts.Count.ShouldBe(3);
        log.Texts[2].ShouldBe(log.Texts[0]);
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

    private sealed class Lines : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
