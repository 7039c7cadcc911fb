using System.Text.Json;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Locating;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Relaying;

namespace SmimeGateway;

/// <summary>
/// Holds the current configuration and replaces it as a whole. What did not change between two of them, opened key files and
/// connections to next hops, goes over from the old one.
/// </summary>
public sealed partial class RunningConfigurations : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly GatewayCounters _counters;
    private readonly MemoryBudget _memory;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private volatile RunningConfiguration _current;
    private Task _retiring = Task.CompletedTask;

    /// <summary>Builds the first configuration.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="counters">Go over from one configuration to the next.</param>
    /// <param name="memory">The memory that messages share.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For the log.</param>
    public RunningConfigurations(GatewayOptions options, GatewayCounters counters, MemoryBudget memory, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _counters = counters;
        _memory = memory;
        _time = time;
        _loggers = loggers;
        _log = loggers.CreateLogger<RunningConfigurations>();
        _current = Build(options, previous: null);
    }

    /// <summary>The configuration for a message that arrives now.</summary>
    public RunningConfiguration Current => _current;

    /// <summary>Builds the next configuration and makes it current. When building fails nothing changes. Calls must not overlap.</summary>
    /// <param name="options">The next configuration.</param>
    /// <param name="whenCurrent">Called once it is current.</param>
    public void Replace(GatewayOptions options, Action? whenCurrent = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var previous = _current;
        var next = Build(options, previous);
        _current = next;
        whenCurrent?.Invoke();

        // Other sources, roots or rules: mail that waits for a certificate may find one now.
        next.Partners.AnnounceArrival();

        // What is closed takes the time of its next hops, and keeps nobody from the next version.
        _retiring = Task.WhenAll(_retiring, Task.Run(() => RetireAsync(previous, next)));
    }

    /// <summary>Takes certificates that went away for withdrawn: the administrator asked for a reload.</summary>
    public void AcceptLoss()
    {
        var current = _current;
        current.Sources.AcceptLoss();
        current.Partners.AcceptLoss();
        current.Partners.AnnounceArrival();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A source that does not let go keeps no stop.
        await Task.WhenAny(_retiring, Task.Delay(Farewell));
        await _current.Listeners.DisposeAsync();
        await _current.Sources.DisposeAsync();
        await _current.Partners.DisposeAsync();
        await _current.SigningDomains.DisposeAsync();
        await _current.Routes.DisposeAsync();
    }

    private async Task RetireAsync(RunningConfiguration previous, RunningConfiguration next)
    {
        try
        {
            await previous.Listeners.RetireAsync(next.Listeners);
            await previous.Sources.RetireAsync(next.Sources);
            await previous.Partners.RetireAsync(next.Partners);
            await previous.SigningDomains.DisposeAsync();
            if (!ReferenceEquals(previous.Routes, next.Routes))
            {
                // Closes connections that are idle; those at work are closed when they come back.
                await previous.Routes.DisposeAsync();
            }
        }
#pragma warning disable CA1031 // Nobody waits for it: what could not be closed is of no use any more, and no harm.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotClosed(exception);
        }
    }

    private RunningConfiguration Build(GatewayOptions options, RunningConfiguration? previous)
    {
        var opened = new Stack<Func<ValueTask>>();
        try
        {
            var listeners = Listeners.Open(options.HostName, options.Listeners, previous?.Listeners, _time, _loggers);
            opened.Push(() => listeners.AbandonAsync(previous?.Listeners));
            var sources = OwnSources.Open(options.Certificates.Own, previous?.Sources, _time, announce: options.Encryption.Announce);
            opened.Push(() => previous is null ? sources.DisposeAsync() : sources.RetireAsync(previous.Sources));
            var partners = PartnerSources.Open(options.Certificates, sources, options.DataFolder, previous?.Partners, _time);
            opened.Push(() => previous is null ? partners.DisposeAsync() : partners.RetireAsync(previous.Partners));
            var domains = SigningDomains.Open(options.Dkim, _time, previous?.SigningDomains);
            opened.Push(domains.DisposeAsync);
#pragma warning disable CA2000 // Closed below when something fails, and by the configuration that replaces this one.
            var routes = previous is not null && RoutesAsText(previous.Options) == RoutesAsText(options)
                ? previous.Routes
                : RouteTable.Create(options.Routes, options.HostName, _time, _loggers, options.Queue.Retry[0], _memory, previous?.Routes);
#pragma warning restore CA2000
            opened.Push(() => ReferenceEquals(routes, previous?.Routes) ? ValueTask.CompletedTask : routes.DisposeAsync());
            return RunningConfiguration.Build(options, listeners, sources, partners, routes, _counters, _time, _loggers, domains: domains);
        }
        catch
        {
            // What did not come over from the former one would watch its files for good.
            foreach (var close in opened)
            {
                Close(close);
            }

            throw;
        }
    }

    private void Close(Func<ValueTask> close)
    {
        try
        {
            close().AsTask().GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // Why it is closed is what has to be told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotClosed(exception);
        }
    }

    // Records compare their lists by reference; as text, equal routes are equal. Secrets, roots and certificates are not part of it: routes
    // look at their files by themselves.
    private static string RoutesAsText(GatewayOptions options) => JsonSerializer.Serialize(new
    {
        options.HostName,
        FirstRetry = options.Queue.Retry[0],
        Routes = options.Routes.Select(route => new { Keys = route with { Hosts = [] }, Hosts = route.Hosts.Select(host => host.ToString()) }),
    });

    [LoggerMessage(Level = LogLevel.Error, Message = "What the former configuration had open could not all be closed")]
    private partial void NotClosed(Exception exception);
}
