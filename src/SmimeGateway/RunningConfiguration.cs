using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Deciding;
using SmimeGateway.Locating;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Mime;
using SmimeGateway.Relaying;
using SmimeGateway.Reporting;

namespace SmimeGateway;

/// <summary>
/// Everything a message needs that the configuration decides, built and checked as a whole. A message is handled by the one that was
/// current when it arrived; a reload makes another and never changes this one.
/// </summary>
public sealed class RunningConfiguration
{
    private RunningConfiguration(
        GatewayOptions options, Listeners listeners, OwnSources sources, PartnerSources partners, SigningDomains domains, HoldKey? holdKey, DeliverySteps delivery, TimeProvider time)
    {
        Options = options;
        Listeners = listeners;
        Sources = sources;
        Partners = partners;
        SigningDomains = domains;
        Routes = delivery.Routes;
        Delivery = delivery;
        Rules = new RuleBook(options.Rules, options.Otherwise, options.Encryption);
        Grants = new SenderGrants(options.Senders);
        Locator = new CredentialLocator(sources, options.Encryption.Announce, time, () => partners.Trust);
        PartnerLocator = new PartnerLocator(partners, sources, time);
        HoldKey = holdKey ?? HoldKey.At(options.DataFolder, options.Encryption.HoldKey);
    }

    /// <summary>The options all of it was built from.</summary>
    public GatewayOptions Options { get; }

    /// <summary>Where mail comes in.</summary>
    public Listeners Listeners { get; }

    /// <summary>The rules.</summary>
    public RuleBook Rules { get; }

    /// <summary>Who may use which sender.</summary>
    public SenderGrants Grants { get; }

    /// <summary>The sources of own certificates.</summary>
    public OwnSources Sources { get; }

    /// <summary>The sources of partner certificates.</summary>
    public PartnerSources Partners { get; }

    /// <summary>The domains that sign mail.</summary>
    public SigningDomains SigningDomains { get; }

    /// <summary>Whom the configuration trusts as of now.</summary>
    public TrustStore Trust => Partners.Trust;

    /// <summary>Finds certificates and keys in the sources.</summary>
    public CredentialLocator Locator { get; }

    /// <summary>Finds the certificates of recipients.</summary>
    public PartnerLocator PartnerLocator { get; }

    /// <summary>Seals what waits for a certificate.</summary>
    public HoldKey HoldKey { get; }

    /// <summary>Where recipients go.</summary>
    public RouteTable Routes { get; }

    /// <summary>What the delivery loop needs.</summary>
    internal DeliverySteps Delivery { get; }

    // The Received field of ours stands before the message by then.
    private const int OwnFields = 1;

    /// <summary>
    /// The bounds of a message that a listener of this name took. What is read of it later keeps to the standard ones, which are wider; so
    /// does what was held by a listener that is no more.
    /// </summary>
    internal MimeLimits LimitsAt(string listener) =>
        Options.Listeners.FirstOrDefault(options => options.Name.Equals(listener, StringComparison.OrdinalIgnoreCase)) is { } found
            ? MimeLimits.Standard with { MaxHeaderFields = found.Limits.HeaderFields, AddedFields = OwnFields }
            : MimeLimits.Standard;

    /// <summary>Builds a configuration around listeners, sources and routes, which stay their owner's to dispose.</summary>
    /// <param name="options">The options.</param>
    /// <param name="listeners">Where mail comes in.</param>
    /// <param name="sources">The sources of own certificates.</param>
    /// <param name="partners">The sources of partners' certificates.</param>
    /// <param name="routes">Where recipients go.</param>
    /// <param name="counters">Count what happens.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For the log.</param>
    /// <param name="holdKey">The key that seals held messages; null for the one the options name.</param>
    /// <param name="domains">The domains that sign mail; may be null where the options name none.</param>
    public static RunningConfiguration Build(
        GatewayOptions options,
        Listeners listeners,
        OwnSources sources,
        PartnerSources partners,
        RouteTable routes,
        GatewayCounters counters,
        TimeProvider time,
        ILoggerFactory loggers,
        HoldKey? holdKey = null,
        SigningDomains? domains = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(listeners);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(partners);
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(loggers);
        if (domains is null && options.Dkim.Count > 0)
        {
            // Mail would leave unsigned, and nobody would hear of it.
            throw new ArgumentNullException(nameof(domains));
        }

        domains ??= SigningDomains.Open([], time);
        var delivery = new DeliverySteps(
            routes,
            new RetrySchedule(options.Queue),
            new Reporter(options.HostName, routes, domains, time, loggers.CreateLogger<Reporter>()),
            counters);
        return new RunningConfiguration(options, listeners, sources, partners, domains, holdKey, delivery, time);
    }
}
