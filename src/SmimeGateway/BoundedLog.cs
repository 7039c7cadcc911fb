using Microsoft.Extensions.Logging;

namespace SmimeGateway;

/// <summary>
/// A log for what one message, or one client between two messages, makes us say: whoever sends many recipients, authors or commands gets
/// no more than so many lines, and one that says how many there were besides. What is told at every level has lines of its own: what was
/// decided is not lost behind how. Not for use by several threads at a time.
/// </summary>
/// <param name="log">Where the lines go.</param>
/// <param name="session">Whose they are.</param>
internal sealed partial class BoundedLog(ILogger log, string session) : ILogger
{
    /// <summary>More than anybody reads of one message.</summary>
    public const int MaxLines = 1000;

    private int _toldOfDetails;
    private int _told;
    private long _untold;

    /// <summary>Whether no more details are told: what would only be told need not be found out.</summary>
    public bool IsFull => _toldOfDetails >= MaxLines;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        var isEnabled = log.IsEnabled(logLevel);
        var isFull = IsFullFor(logLevel);
        _untold += isEnabled && isFull ? 1 : 0;
        return isEnabled && !isFull;
    }

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsFullFor(logLevel))
        {
            _ = IsDetail(logLevel) ? _toldOfDetails++ : _told++;
            log.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    /// <summary>Says that something is not told that would be.</summary>
    public void Omit() => _untold++;

    /// <summary>Ends the story, and begins a new one.</summary>
    public void End()
    {
        if (_untold > 0)
        {
            Rest(log, session, _untold, _told + _toldOfDetails);
        }

        (_told, _toldOfDetails, _untold) = (0, 0, 0);
    }

    private static bool IsDetail(LogLevel level) => level < LogLevel.Information;

    private bool IsFullFor(LogLevel level) => IsDetail(level) ? IsFull : _told >= MaxLines;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Session} and at least {Untold} more lines, of which only the first {Told} are told")]
    private static partial void Rest(ILogger log, string session, long untold, int told);
}
