using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host;

/// <summary>Brings a changed configuration file into the running gateway, or tells why not.</summary>
internal sealed partial class Reloading : IAsyncDisposable
{
    private readonly GatewayServices _services;
    private readonly LogLevelControl _level;
    private readonly ILogger<Reloading> _log;
    private readonly ConfigurationWatch _watch;
    private readonly Lookout _lookout;
    private bool _isAsked;
    private volatile bool _isApplying;
    private volatile IReadOnlyList<ConfigurationError> _refused = [];

    public Reloading(string configurationPath, LoadResult loaded, GatewayServices services, LogLevelControl level, ILogger<Reloading> log)
    {
        _services = services;
        _level = level;
        _log = log;
        _watch = new ConfigurationWatch(configurationPath, loaded, Apply, Refuse, TimeProvider.System);
        _lookout = new Lookout(Look, TimeProvider.System, ConfigurationWatch.Pause, stuck: () =>
        {
            // What is being put to use may wait for sources, which tell of it themselves.
            if (!_isApplying)
            {
                NotAnswering(configurationPath);
            }
        });
    }

    /// <summary>What the file says that is not in force; null when all of it is.</summary>
    public string? Refusal => _refused switch
    {
        [] => null,
        [var only] => $"The configuration file is not what is in force: {only}",
        var errors => $"The configuration file has {errors.Count} errors and is not what is in force. The first: {errors[0]}",
    };

    /// <summary>Told of each configuration that was put to use.</summary>
    public Action<GatewayOptions>? Applied { get; set; }

    /// <summary>Watches from now on.</summary>
    public void Begin() => _lookout.Begin();

    /// <summary>
    /// Does what an administrator asks for: looks at the file now, and when it is not refused takes certificates that went away for withdrawn.
    /// </summary>
    public void Reload()
    {
        Volatile.Write(ref _isAsked, true);
        _lookout.LookIn(TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lookout.DisposeAsync();

    private void Look()
    {
        try
        {
            if (!Interlocked.Exchange(ref _isAsked, false))
            {
                _watch.Look();
            }
            else if (_watch.LookNow())
            {
                // Whatever the look found is put to use before.
                _isApplying = true;
                _services.AcceptLoss();
            }
        }
#pragma warning disable CA1031 // Nobody waits for the answer to a signal: the log is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotLooked(exception);
        }
        finally
        {
            _isApplying = false;
        }
    }

    // On the thread of the looks, which nothing else needs.
    private string? Apply(ConfigurationChange change)
    {
        try
        {
            _isApplying = true;
            _services.ReplaceConfiguration(change.Options);
            _level.Apply(change.Options.Log);
        }
#pragma warning disable CA1031 // Whatever is wrong with the new configuration, the old one goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotApplied(exception);
            return $"it could not be put to use: {FileHindrance.WithPlace(exception)}";
        }
        finally
        {
            _isApplying = false;
        }

        _refused = [];
        foreach (var difference in change.Differences)
        {
            Changed(difference);
        }

        foreach (var warning in change.Warnings)
        {
            Warn(warning.ToString());
        }

        foreach (var needed in change.NeedRestart)
        {
            NeedsRestart(needed);
        }

        Applied?.Invoke(change.Options);
        return null;
    }

    private void Refuse(IReadOnlyList<ConfigurationError> errors)
    {
        _refused = errors;
        foreach (var error in errors)
        {
            Error(error.ToString());
        }

        if (errors.Count > 0)
        {
            Refused(errors.Count);
        }
        else
        {
            InForce();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration changed: {Difference}")]
    private partial void Changed(string difference);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration: {Warning}")]
    private partial void Warn(string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Needs a restart, until which the former value stays: {Change}")]
    private partial void NeedsRestart(string change);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration: {Error}")]
    private partial void Error(string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed configuration has {Count} error(s) and is not used: the last good one stays")]
    private partial void Refused(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "The configuration file is again what is in force")]
    private partial void InForce();

    [LoggerMessage(Level = LogLevel.Debug, Message = "What kept the changed configuration from being put to use")]
    private partial void NotApplied(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration file could not be looked at, and is looked at again")]
    private partial void NotLooked(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration file {Path} does not answer: perhaps a share hangs. The configuration stays as it is")]
    private partial void NotAnswering(string path);
}
