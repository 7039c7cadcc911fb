using SmimeGateway.TestSupport.Faults;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// When the power was off. A 250 that the client read after a cut began proves nothing: at that instant the file system races with itself,
/// a flush that it still confirms may be forgotten, and a real machine would not have said anything any more.
/// </summary>
internal sealed class Blackouts
{
    private readonly List<(DateTimeOffset Cut, DateTimeOffset Restored)> _spans = [];

    /// <summary>Notes the moment before the cut, and the one when nothing of the dead process can arrive any more.</summary>
    public async Task DuringAsync(Func<Task> cutAndRestore)
    {
        var cut = TimeProvider.System.GetUtcNow();
        await cutAndRestore();
        _spans.Add((cut, TimeProvider.System.GetUtcNow()));
    }

    /// <summary>True when the 250 was read while the power was on.</summary>
    public bool Counts(AcceptedMessage message) => !_spans.Any(span => message.At >= span.Cut && message.At <= span.Restored);
}
