using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Opening;
using SmimeGateway.Protecting;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Commands;

/// <summary>Takes messages down the real path to a queue that delivers nothing, and verifies what arrives there.</summary>
internal sealed class Rehearsal : IAsyncDisposable
{
    private readonly GatewayOptions _gateway;
    private readonly RouteTable _routes;

    public Rehearsal(GatewayOptions gateway)
    {
        _gateway = gateway;
        _routes = RouteTable.Create(gateway.Routes, gateway.HostName, TimeProvider.System, NullLoggerFactory.Instance);
        Sources = OwnSources.Open(gateway.Certificates.Own, previous: null, TimeProvider.System, keepsIssued: false);
        Partners = PartnerSources.Open(gateway.Certificates, Sources, gateway.DataFolder, previous: null, TimeProvider.System);
    }

    /// <summary>The sources of certificates, for making up addresses that have one.</summary>
    public OwnSources Sources { get; }

    /// <summary>The sources of partner certificates.</summary>
    public PartnerSources Partners { get; }

    /// <summary>Rehearses one message by the whole rule book, or by another one in its place.</summary>
    public async Task<RehearsalResult> PerformAsync(TrialMessage message, GatewayOptions? otherRules, CancellationToken cancellationToken)
    {
        var gateway = otherRules ?? _gateway;
        var configuration = RunningConfiguration.Build(
            gateway, Listeners.None, Sources, Partners, _routes, new GatewayCounters(), TimeProvider.System, NullLoggerFactory.Instance);
        var story = new StoryLog<MessagePath>();
        await using var queue = new CollectingQueue();
        var path = new MessagePath(
            () => configuration, new Protector(TimeProvider.System), queue, new GatewayCounters(), TimeProvider.System, story);

        var outcome = await path.HandleAsync(message.Inbound, cancellationToken);
        var rule = configuration.Rules.Decide(message.Facts, message.Recipient).RuleName;
        var result = queue.Collected.Count == 0 ? null : queue.Collected[0];
        var route = _routes.Find(message.Recipient);
        if (result is null || route is null)
        {
            var why = route is null ? "no route covers the recipient, who is refused with 550 5.1.2" : outcome.Detail;
            return Result(message, rule, story, outcome) with { Verdict = "not accepted: " + why, IsGood = false };
        }

        Entity.TryParse(result.Content, MimeLimits.Standard, out var entity, out _);
        var rehearsed = Result(message, rule, story, outcome) with
        {
            Protection = result.Protection.ToString(),
            NextHop = route.Delivery.Name,
            Structure = entity is null ? null : Structure.Read(entity),
            Content = result.Content.ToArray(),
        };
        return result.Protection is Protection.PassedUnchanged or Protection.PassedUnsigned
            ? rehearsed with { Verdict = "passes unchanged", IsGood = true }
            : Judge(rehearsed, gateway, result);
    }

    public async ValueTask DisposeAsync()
    {
        await Sources.DisposeAsync();
        await Partners.DisposeAsync();
        await _routes.DisposeAsync();
    }

    private RehearsalResult Judge(RehearsalResult rehearsed, GatewayOptions gateway, ProtectedMessage message)
    {
        var trust = TrustAnchors.Load(gateway.Certificates, Sources);
        var report = new SignatureCheck(trust).Verify(message.Content, TimeProvider.System.GetUtcNow());
        var signer = report.Signers.Count == 0 ? null : report.Signers[0];
        var isSigned = report.Fault is null && signer is { SignatureFault: null };
        var verdict = !isSigned ? "the signature does not verify: " + (report.Fault ?? signer?.SignatureFault)
            : $"verified: {signer!.Subject}, {signer.Algorithm}, {signer.Digest}"
                + (signer.TrustFaults.Count == 0 ? ", trusted here" : $", not trusted here ({string.Join("; ", signer.TrustFaults)})")
                + (signer.IsAuthor ? string.Empty : ", not the author's own certificate");
        return rehearsed with { Verdict = verdict, IsGood = isSigned };
    }

    private static RehearsalResult Result(TrialMessage message, string rule, StoryLog<MessagePath> story, Outcome outcome) => new(
        rule,
        message.Facts.Sender.ToString(),
        message.Recipient.ToString(),
        story.Lines,
        Protection: null,
        NextHop: null,
        Structure: null,
        outcome.Reply.ToString(),
        Verdict: string.Empty,
        IsGood: true);
}
