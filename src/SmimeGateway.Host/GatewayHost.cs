using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using SmimeGateway.Files;
using SmimeGateway.Host.Admin;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.Settings;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace SmimeGateway.Host;

/// <summary>The gateway as a process: its log, its listeners, its admin socket, and the watch over its configuration file.</summary>
internal sealed partial class GatewayHost : IAsyncDisposable
{
    // Long enough for a transaction and a delivery that have begun, and no longer: who stops the process waits, and may kill it after 30 s.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(25);

    // A console that nobody reads, or a hung volume, takes no more lines; the process must end all the same.
    private static readonly TimeSpan LogTime = TimeSpan.FromSeconds(2);

    private readonly LogLevelControl _level;
    private readonly LogTail _tail;
    private readonly LogFile? _logFile;
    private readonly StopSignals _signals;

    [SuppressMessage("Usage", "CA2213", Justification = "Disposed on a thread of its own, which the rule does not follow.")]
    private readonly Logger _serilog;

    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private GatewayServices? _services;
    private Reloading? _reloading;
    private FindingsWatch? _findings;
    private WebApplication? _application;

    private GatewayHost(GatewayOptions options, StopSignals signals)
    {
        _signals = signals;
        _level = new LogLevelControl(options.Log, TimeProvider.System);
        _serilog = LogPipeline.Open(options.Log, _level.Switch, out _tail, out _logFile);
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddSerilog(_serilog));
        _log = _loggers.CreateLogger<GatewayHost>();
        _level.Returned = level => LevelReturned(_log, ConfiguredName.Of(level));
        if (_logFile is not null)
        {
            _logFile.TroubleChanged = trouble => TellLogFile(options, trouble);
        }
    }

    /// <summary>Runs the gateway until the token is cancelled or the process is told to stop.</summary>
    /// <param name="configurationPath">The file, for watching it.</param>
    /// <param name="loaded">What was read from it, without errors.</param>
    /// <param name="cancellationToken">Stops it as the first signal would.</param>
    public static async Task RunAsync(string configurationPath, LoadResult loaded, CancellationToken cancellationToken)
    {
        var options = loaded.Options!;
        DurableFolder.Create(options.DataFolder);
        using var signals = new StopSignals(cancellationToken);
        await using var host = new GatewayHost(options, signals);
        await host.OpenAsync(configurationPath, options);
        await host.RunUntilStoppedAsync(configurationPath, loaded);
    }

    public async ValueTask DisposeAsync()
    {
        if (_reloading is not null)
        {
            await _reloading.DisposeAsync();
        }

        if (_findings is not null)
        {
            await _findings.DisposeAsync();
        }

        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _loggers.Dispose();
        _level.Dispose();

        // The last lines wait in the log's own thread.
        var lastLines = Task.Run(() => _serilog.Dispose());
        await Task.WhenAny(lastLines, Task.Delay(LogTime));
    }

    private async Task OpenAsync(string configurationPath, GatewayOptions options)
    {
        var started = TimeProvider.System.GetUtcNow();
        var services = _services = await GatewayServices.OpenAsync(options, TimeProvider.System, _loggers);

        // The file of the log tells of itself.
        _findings = new FindingsWatch(
            () => StandingCheck.FindKnown(services.Configuration, TimeProvider.System.GetUtcNow()),
            () => StandingCheck.Look(configurationPath, services.Configuration, TimeProvider.System.GetUtcNow())
                .Where(finding => !finding.Subject.StartsWith("log.file", StringComparison.Ordinal)),
            TimeProvider.System,
            _loggers.CreateLogger<FindingsWatch>());

        // Empty, because the usual builders read and watch settings files of their own, all over the data folder.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.DataFolder });
        builder.Logging.AddSerilog(_serilog);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Services.AddSingleton<IHostLifetime>(_signals);
        builder.Services.AddRoutingCore();

        // Sessions never block a thread, so they may run on the one that brings their bytes: a change of threads less for each command.
        builder.WebHost
            .UseKestrelCore()
            .UseSockets(sockets =>
            {
                sockets.UnsafePreferInlineScheduling = true;
                sockets.CreateBoundListenSocket = endpoint => endpoint is UnixDomainSocketEndPoint
                    ? AdminSocket.Bind(options.Admin.Socket)
                    : ListenerSocket.Bind(options.Listeners.First(listener => listener.Endpoint.Equals(endpoint)));
            })
            .ConfigureKestrel(kestrel => Listen(kestrel, options, _services));
        _application = builder.Build();
        var health = new Health(_services, _findings, _logFile, () => _reloading?.Refusal);
        new AdminRoutes(
            new StatusEndpoint(_services, options, _level, health, started),
            new HealthEndpoints(health),
            new QueueEndpoints(_services.Queue, () => _services.Configuration.Routes, TimeProvider.System, _loggers.CreateLogger<QueueEndpoints>()),
            new LogEndpoints(_level, _tail, _loggers.CreateLogger<LogEndpoints>(), _application.Lifetime.ApplicationStopping))
            .Map(_application);
    }

    private async Task RunUntilStoppedAsync(string configurationPath, LoadResult loaded)
    {
        var (services, application, options) = (_services!, _application!, loaded.Options!);
        var reloading = _reloading = new Reloading(configurationPath, loaded, services, _level, _loggers.CreateLogger<Reloading>());
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            reloading.Reload();
        });
        foreach (var warning in loaded.Warnings)
        {
            ConfigurationWarning(_log, warning.ToString());
        }

        // Nothing is delivered before all that can fail has been done: a start that fails, again and again, would deliver it again and again.
        await application.StartAsync(CancellationToken.None);
        await services.StartDeliveriesAsync(CancellationToken.None);
        var listeners = string.Join(", ", options.Listeners.Select(listener => $"{listener.Name} {listener.Endpoint}"));
        Started(_log, options.HostName, listeners, Environment.ProcessId);

        // A name server may take its time, and a share that hangs all of it: nobody waits for them, not even the end.
        using var stopLooking = new CancellationTokenSource();
        reloading.Applied = changed => TellFindings(changed, stopLooking.Token);
        TellFindings(options, stopLooking.Token);
        services.Configuration.Partners.OnArrival(_findings!.LookSoon);
        reloading.Begin();

        await _signals.First;

        // Both at once, each with the whole of the time: transactions that have begun end in the queue, and deliveries that have begun end.
        // Whatever else ends does so beside them: a look at files that takes its time would let new deliveries begin.
        Stopping(_log);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_signals.Second);
        patience.CancelAfter(DrainTime);
        await Task.WhenAll(
            services.StopDeliveriesAsync(patience.Token),
            application.StopAsync(patience.Token),
            stopLooking.CancelAsync(),
            Task.Run(() => reloading.DisposeAsync().AsTask(), CancellationToken.None));
        if (_signals.Second.IsCancellationRequested)
        {
            Hurried(_log);
        }

        var waiting = services.Queue.Summarize().Messages;
        Stopped(_log, waiting);
    }

    private void TellFindings(GatewayOptions options, CancellationToken cancellationToken)
    {
        _findings!.LookSoon();
        _ = Task.Run(() => TellUntoldAsync(options, cancellationToken), CancellationToken.None);
    }

    private async Task TellUntoldAsync(GatewayOptions options, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var finding in await ConfigurationCheck.FindUntoldAsync(options, cancellationToken))
            {
                ConfigurationWarning(_log, finding.Sentence.TrimEnd('.'));
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
#pragma warning disable CA1031 // Words about what was not used yet are no reason to end.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotLookedThrough(_log, exception);
        }
    }

    private void TellLogFile(GatewayOptions options, string? trouble)
    {
        if (trouble is null)
        {
            LogWrittenAgain(_log, options.Log.File!);
        }
        else
        {
            // Where the folder is at fault, its remedy is told, and not what the system said of the file.
            LogNotWritten(_log, FoldersCheck.FindLogHindrance(options) ?? trouble);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, GatewayOptions options, GatewayServices services)
    {
        // The listeners count their own connections, each by its own limits.
        kestrel.Limits.MaxConcurrentConnections = null;
        foreach (var listener in options.Listeners)
        {
            var handler = services.HandlerFor(listener);
            kestrel.Listen(listener.Endpoint, listen => listen.Run(connection => handler(connection)));
        }

        // Listeners speak SMTP; this is about the admin socket.
        kestrel.Limits.MaxRequestBodySize = AdminRoutes.MaxRequestBytes;
        kestrel.ListenUnixSocket(options.Admin.Socket, listen => listen.Protocols = HttpProtocols.Http1);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{HostName} listens: {Listeners} (process {ProcessId})")]
    private static partial void Started(ILogger log, string hostName, string listeners, int processId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: no new mail is taken, deliveries that have begun are finished")]
    private static partial void Stopping(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A second signal: what was under way is broken off, and goes on after the next start")]
    private static partial void Hurried(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log level is {Level} again")]
    private static partial void LevelReturned(ILogger log, string level);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped, with {Messages} message(s) in the queue for the next start")]
    private static partial void Stopped(ILogger log, int messages);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration: {Warning}")]
    private static partial void ConfigurationWarning(ILogger log, string warning);

    [LoggerMessage(Level = LogLevel.Error, Message = "The hosts of the configuration could not be looked up")]
    private static partial void NotLookedThrough(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log goes to the console alone. {Hindrance}")]
    private static partial void LogNotWritten(ILogger log, string hindrance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log is written to {File} again: between this line and the one that said so, lines went to the console alone")]
    private static partial void LogWrittenAgain(ILogger log, string file);
}
