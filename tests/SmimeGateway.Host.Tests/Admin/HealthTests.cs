using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Serilog.Events;
using Serilog.Formatting.Display;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Admin;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Admin;

public sealed class HealthTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly FindingsWatch _findings;
    private CheckFinding[] _found = [];

    public HealthTests() => _findings = new FindingsWatch(() => _found, () => [], _time, NullLogger.Instance);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return _findings.DisposeAsync();
    }

    [Fact]
    public async Task What_check_finds_is_a_warning_and_no_reason_to_send_no_mail()
    {
        await using var services = await OpenAsync();
        await services.StartDeliveriesAsync(CancellationToken.None);
        var health = new Health(services, _findings, log: null, () => "The configuration file is not what is in force: a comma is missing");
        _found = [CheckFinding.Error("listener \"internal\": /tls.pem", "The file does not exist. Put it there.")];

        var report = await health.ReportAsync();

        report.Warnings.ShouldBe(["The configuration file is not what is in force: a comma is missing", "listener \"internal\": /tls.pem: The file does not exist. Put it there."]);
        report.IsHealthy.ShouldBeTrue();
        await services.StopDeliveriesAsync(CancellationToken.None);
        (await health.ReportAsync()).IsHealthy.ShouldBeFalse();
    }

    [Theory]
    [InlineData(899, 900, false)]
    [InlineData(900, 900, true)]
    [InlineData(900, 0, false)]
    public void Memory_is_used_up_at_the_threshold_once_that_is_known(long used, long threshold, bool isUsedUp) =>
        Health.IsMemoryUsedUp(used, threshold).ShouldBe(isUsedUp);

    [Fact]
    public async Task A_gateway_whose_deliveries_have_ended_is_neither_ready_nor_worth_keeping()
    {
        await using var services = await OpenAsync();
        var health = new Health(services, _findings, log: null, () => null);
        health.FindDeadParts().ShouldHaveSingleItem();

        await services.StartDeliveriesAsync(CancellationToken.None);
        health.FindTroubles().ShouldBeEmpty();
        health.FindDeadParts().ShouldBeEmpty();

        await services.StopDeliveriesAsync(CancellationToken.None);
        health.FindDeadParts().ShouldHaveSingleItem();
        health.FindTroubles().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_told_and_no_reason_to_send_no_mail()
    {
        await using var services = await OpenAsync();
        await services.StartDeliveriesAsync(CancellationToken.None);
        using var log = new LogFile(_folder["logs/gateway-.log"], new MessageTemplateTextFormatter("{Message:l}"), _time);
        var health = new Health(services, _findings, log, () => null);
        (await health.FindWarningsAsync()).ShouldBeEmpty();

        await File.WriteAllTextAsync(_folder["logs"], "in the way");
        log.Emit(new LogEvent(_time.GetLocalNow(), LogEventLevel.Information, null, MessageTemplate.Empty, []));

        (await health.FindWarningsAsync()).ShouldHaveSingleItem().ShouldStartWith($"The log goes to the console alone: {_folder["logs"]}");
        health.FindTroubles().ShouldBeEmpty();
        await services.StopDeliveriesAsync(CancellationToken.None);
    }

    [Fact]
    public async Task An_internal_error_is_trouble_for_a_minute_or_until_a_message_is_accepted()
    {
        await using var services = await OpenAsync();
        await services.StartDeliveriesAsync(CancellationToken.None);
        var health = new Health(services, _findings, log: null, () => null);

        services.Counters.CountBroken();
        health.FindTroubles().ShouldHaveSingleItem().ShouldContain("internal error");
        services.Counters.Count(new Accepted(SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "queued"), string.Empty));
        health.FindTroubles().ShouldBeEmpty();

        services.Counters.CountBroken();
        health.FindTroubles().ShouldNotBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(1));
        health.FindTroubles().ShouldBeEmpty();
        health.FindDeadParts().ShouldBeEmpty();
        await services.StopDeliveriesAsync(CancellationToken.None);
    }

    private Task<GatewayServices> OpenAsync() => GatewayServices.OpenAsync(
        new GatewayOptions
        {
            HostName = "gateway.example.com",
            DataFolder = _folder.Path,
            Listeners = [new ListenerOptions { Name = "internal", Endpoint = new IPEndPoint(IPAddress.Loopback, 0) }],
            Senders = [new SenderOptions { Address = ["*@example.com"] }],
            Routes = [new RouteOptions { Recipients = ["*"], Folder = _folder["outbox"] }],
            Queue = new QueueOptions { Disk = _folder["queue"] },
        },
        _time,
        NullLoggerFactory.Instance);
}
