using System.Text.RegularExpressions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Finds 250s that were said before the message they promise was on disk.</summary>
internal sealed partial class FlushAudit
{
    private readonly IReadOnlyList<SystemCall> _flushes;
    private readonly IReadOnlyList<SystemCall> _names;
    private readonly Dictionary<string, SystemCall> _writes = [];
    private readonly Dictionary<string, SystemCall> _replies = [];

    public FlushAudit(IReadOnlyList<SystemCall> calls, string queueFolder)
    {
        _flushes = [.. calls.Where(call => call.Name is "fsync" or "fdatasync" && call.Result == 0)];
        _names = [.. calls.Where(call => call.Name.StartsWith("rename", StringComparison.Ordinal) || call.Arguments.Contains("O_CREAT", StringComparison.Ordinal))];
        foreach (var call in calls)
        {
            if (call.Name.Contains("write", StringComparison.Ordinal) && call.Path.StartsWith(queueFolder, StringComparison.Ordinal))
            {
                Index(_writes, MessageId().Matches(call.Arguments), call);
            }
            else if (call.Path.StartsWith("socket", StringComparison.Ordinal))
            {
                Index(_replies, Reply().Matches(call.Arguments), call);
            }
        }
    }

    /// <summary>What is wrong with the 250 to this message, or null.</summary>
    /// <param name="id">A text of the form <c>id-1-2-end</c> that only this message contains.</param>
    /// <param name="reply">The reply to it, which no other message got.</param>
    public string? FindFault(string id, string reply)
    {
        if (!_writes.TryGetValue(id, out var written))
        {
            return $"{id}: never written below the queue";
        }

        if (!_replies.TryGetValue(reply, out var said))
        {
            return $"{id}: the reply is not in the trace: {reply}";
        }

        if (!IsFlushed(written.Path, written.End, said.Start))
        {
            return $"{id}: {written.Path} was not flushed between its write and its 250";
        }

        // A file that a crash leaves without a name is as good as lost.
        var name = Path.GetFileName(written.Path);
        var made = _names.LastOrDefault(call => call.End < written.Start && call.Arguments.Contains(name, StringComparison.Ordinal));
        return made is null || IsFlushed(Path.GetDirectoryName(written.Path)!, made.End, said.Start)
            ? null
            : $"{id}: the folder that names {written.Path} was not flushed before its 250";
    }

    private static void Index(Dictionary<string, SystemCall> index, MatchCollection keys, SystemCall call)
    {
        foreach (Match key in keys)
        {
            index.TryAdd(key.Value, call);
        }
    }

    private bool IsFlushed(string path, int after, int before) =>
        _flushes.Any(flush => flush.Start > after && flush.End < before && flush.Path == path);

    [GeneratedRegex(@"id-\d+-\d+-end")]
    private static partial Regex MessageId();

    // Up to the line end, which strace prints as \r\n.
    [GeneratedRegex(@"250 2\.0\.0 [^\\""]+")]
    private static partial Regex Reply();
}
