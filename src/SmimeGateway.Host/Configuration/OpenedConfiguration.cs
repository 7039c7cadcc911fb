using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting;
using SmimeGateway.Locating;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Configuration;

/// <summary>A configuration as the gateway opens it, to be asked without running it: nothing is written, and nothing made that is not there yet.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "All of it is closed with the configuration.")]
internal sealed class OpenedConfiguration : IAsyncDisposable
{
    private OpenedConfiguration(GatewayOptions options, TimeProvider time)
    {
        Fresh = [.. options.Certificates.Own.Where(own => own.Authority is { } folder && IsFresh(folder))];
        var listeners = Listeners.Open(options.HostName, options.Listeners, previous: null, time, NullLoggerFactory.Instance);
        var sources = OwnSources.Open([.. options.Certificates.Own.Except(Fresh)], previous: null, time, keepsIssued: false);
        var partners = PartnerSources.Open(options.Certificates, sources, options.DataFolder, previous: null, time);
        var routes = RouteTable.Create(options.Routes, options.HostName, time, NullLoggerFactory.Instance);
        Configuration = RunningConfiguration.Build(
            options,
            listeners,
            sources,
            partners,
            routes,
            new GatewayCounters(time),
            time,
            NullLoggerFactory.Instance,
            HoldKey.At(options.DataFolder, options.Encryption.HoldKey, keepsMade: false),
            SigningDomains.Open(options.Dkim, time));
    }

    /// <summary>What a message would be handled by.</summary>
    public RunningConfiguration Configuration { get; }

    /// <summary>The authorities that a first use makes; they are no sources yet.</summary>
    public IReadOnlyList<OwnCertificateOptions> Fresh { get; }

    /// <summary>Opens what the options name.</summary>
    public static OpenedConfiguration Open(GatewayOptions options, TimeProvider time) => new(options, time);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Configuration.HoldKey.Dispose();
        await Configuration.SigningDomains.DisposeAsync();
        await Configuration.Routes.DisposeAsync();
        await Configuration.Partners.DisposeAsync();
        await Configuration.Sources.DisposeAsync();
        await Configuration.Listeners.DisposeAsync();
    }

    private static bool IsFresh(string authority)
    {
        try
        {
            return !Directory.Exists(authority) || !Directory.EnumerateFileSystemEntries(authority).Any();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
