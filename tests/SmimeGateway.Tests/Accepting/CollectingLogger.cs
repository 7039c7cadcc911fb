using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SmimeGateway.Tests.Accepting;

/// <summary>Keeps what the stage says, as the log file would show it.</summary>
internal sealed class CollectingLogger<T>(LogLevel level) : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel} {formatter(state, exception)}");
}
