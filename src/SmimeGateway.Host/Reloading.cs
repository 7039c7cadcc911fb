using Microsoft.Extensions.Logging;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host;

/// <summary>Brings a changed configuration file into the running gateway, or tells why not.</summary>
internal sealed partial class Reloading : IDisposable
{
    private readonly GatewayServices _services;
    private readonly LogLevelControl _level;
    private readonly ILogger<Reloading> _log;
    private readonly ConfigurationWatch _watch;
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public Reloading(string configurationPath, LoadResult loaded, GatewayServices services, LogLevelControl level, ILogger<Reloading> log)
    {
        _services = services;
        _level = level;
        _log = log;
        _watch = new ConfigurationWatch(configurationPath, loaded, Apply, Reject, TimeProvider.System);
    }

    /// <summary>Watches until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _watch.RunAsync(cancellationToken);

    /// <summary>
    /// Does what an administrator asks for: looks at the file now, and when it is not refused takes certificates that went away for withdrawn.
    /// </summary>
    public async Task ReloadAsync()
    {
        try
        {
            if (!_watch.LookNow())
            {
                return;
            }

            // Whatever the look found is put to use before.
            await _oneAtATime.WaitAsync();
            try
            {
                _services.AcceptLoss();
            }
            finally
            {
                _oneAtATime.Release();
            }
        }
#pragma warning disable CA1031 // Nobody waits for the answer to a signal: the log is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotReloaded(exception);
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private void Apply(ConfigurationChange change) => _ = ApplyAsync(change);

    private async Task ApplyAsync(ConfigurationChange change)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            await _services.ReplaceConfigurationAsync(change.Options);
            _level.Apply(change.Options.Log);
            foreach (var difference in change.Differences)
            {
                Changed(difference);
            }

            foreach (var warning in change.Warnings)
            {
                Warn(warning.ToString());
            }

            foreach (var key in change.NeedRestart)
            {
                NeedsRestart(key);
            }
        }
#pragma warning disable CA1031 // The broad catch of this loop: whatever is wrong with the new configuration, the old one goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotApplied(exception);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private void Reject(IReadOnlyList<ConfigurationError> errors)
    {
        foreach (var error in errors)
        {
            Error(error.ToString());
        }

        Rejected(errors.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration changed: {Difference}")]
    private partial void Changed(string difference);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration: {Warning}")]
    private partial void Warn(string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key} changed, which needs a restart: until then the former value stays")]
    private partial void NeedsRestart(string key);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration: {Error}")]
    private partial void Error(string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed configuration has {Count} error(s) and is not used: the last good one stays")]
    private partial void Rejected(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed configuration could not be put to use: the last good one stays")]
    private partial void NotApplied(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The reload that was asked for broke off: ask again")]
    private partial void NotReloaded(Exception exception);
}
