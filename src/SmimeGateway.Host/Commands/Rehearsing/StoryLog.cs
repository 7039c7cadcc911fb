using Microsoft.Extensions.Logging;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>Keeps the lines of a trial's story instead of writing them to the log: <c>test</c> shows what debug level would.</summary>
internal sealed class StoryLog<T> : ILogger<T>
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Every line begins with the session id, which says nothing here.
        var line = formatter(state, exception);
        _lines.Add(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }
}
