using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Locating;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Mime;
using SmimeGateway.Opening;
using SmimeGateway.Protecting;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>Takes messages down the real path to a queue that delivers nothing, and reads what arrives there. Nothing is written or kept.</summary>
internal sealed class Rehearsal : IAsyncDisposable
{
    private readonly GatewayOptions _gateway;
    private readonly RouteTable _routes;
    private readonly HoldKey _holdKey;
    private readonly SigningDomains _domains;

    public Rehearsal(GatewayOptions gateway)
    {
        _gateway = gateway;
        _routes = RouteTable.Create(gateway.Routes, gateway.HostName, TimeProvider.System, NullLoggerFactory.Instance);
        _holdKey = HoldKey.At(gateway.DataFolder, gateway.Encryption.HoldKey, keepsMade: false);
        _domains = SigningDomains.Open(gateway.Dkim, TimeProvider.System);
        Sources = OwnSources.Open(gateway.Certificates.Own, previous: null, TimeProvider.System, keepsIssued: false, gateway.Encryption.Announce);
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
            gateway, Listeners.None, Sources, Partners, _routes, new GatewayCounters(), TimeProvider.System, NullLoggerFactory.Instance, _holdKey, _domains);
        var recipients = message.Recipients
            .Select(recipient => new RehearsedRecipient(
                recipient.Address, configuration.Rules.Decide(message.Facts, recipient).RuleName, _routes.Find(recipient)?.Delivery.Name))
            .ToList();
        var result = new RehearsalResult(
            string.Join(", ", recipients.Select(recipient => recipient.Rule).Distinct()),
            message.Facts.Sender.Address, recipients, [], string.Empty, [], Verdict: null, IsGood: true);

        // RCPT refuses those without a route, and the others go on.
        var routed = message.ForRecipients(recipient => _routes.Find(recipient) is not null);
        if (routed is null)
        {
            return result with { Verdict = "not accepted: no route covers a recipient, so all are refused with 550 5.1.2", IsGood = false };
        }

        var story = new StoryLog<MessagePath>();
        await using var queue = new CollectingQueue();
        var path = new MessagePath(
            () => configuration, new Protector(TimeProvider.System), queue, new GatewayCounters(), TimeProvider.System, story);
        var outcome = await path.HandleAsync(routed, cancellationToken);

        var addresses = message.Recipients.Append(message.Facts.Sender).Select(path => path.Address);
        var known = await KnownCertificates.FindAsync(gateway, Partners, addresses, cancellationToken);
        var messages = Read(queue.Collected, known);
        return result with
        {
            Story = story.Lines,
            Reply = outcome.Reply.ToString(),
            Messages = messages,
            Verdict = messages.Count == 0 ? "not accepted: " + outcome.Detail : null,
            IsGood = messages.Count > 0 && messages.All(ready => ready.IsGood) && recipients.TrueForAll(recipient => recipient.NextHop is not null),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Partners.DisposeAsync();
        await Sources.DisposeAsync();
        await _routes.DisposeAsync();
        _holdKey.Dispose();
        await _domains.DisposeAsync();
    }

    private List<RehearsedMessage> Read(IReadOnlyList<ProtectedMessage> messages, KnownCertificates known)
    {
        // Certificates issued for the trial are among the sources by now, so an author's own copy can be decrypted.
        var opener = new Opener(TrustAnchors.Load(_gateway.Certificates, Sources), Sources.Certificates);
        return [.. messages.Select(message => Read(message, opener, known))];
    }

    private static RehearsedMessage Read(ProtectedMessage message, Opener opener, KnownCertificates known)
    {
        var shown = LayeredMessage.Read(message.Content, opener, known, TimeProvider.System.GetUtcNow());
        var verdict = RehearsalVerdict.Of(message.Protection, shown);
        var leaves = message.Protection != Protection.Held;
        return new RehearsedMessage(
            [.. message.Envelope.Recipients.Select(recipient => recipient.Path.Address)],
            message.Protection,
            message.Content.Length,
            leaves && Entity.TryParse(message.Content, MimeLimits.Standard, out var entity, out _) ? Structure.Read(entity) : null,
            leaves ? shown.Layers : [],
            leaves ? shown.ProtectedHeader : null,
            verdict.Sentence,
            verdict.IsGood)
        {
            Dkim = message.SigningDomains ?? [],
            Content = leaves ? message.Content.ToArray() : [],
        };
    }
}
