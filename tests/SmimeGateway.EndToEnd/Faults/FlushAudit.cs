namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Finds 250s that were said before the message they promise was on disk.</summary>
internal sealed class FlushAudit(IReadOnlyList<SystemCall> calls, string queueFolder)
{
    private readonly IReadOnlyList<SystemCall> _writes =
        [.. calls.Where(call => call.Name.Contains("write", StringComparison.Ordinal) && call.Path.StartsWith(queueFolder, StringComparison.Ordinal))];

    private readonly IReadOnlyList<SystemCall> _flushes = [.. calls.Where(call => call.Name is "fsync" or "fdatasync" && call.Result == 0)];

    private readonly IReadOnlyList<SystemCall> _sends =
        [.. calls.Where(call => call.Arguments.Contains("250 2.0.0", StringComparison.Ordinal) && call.Path.StartsWith("socket", StringComparison.Ordinal))];

    /// <summary>What is wrong with the 250 to this message, or null.</summary>
    /// <param name="id">A text that only this message contains.</param>
    /// <param name="reply">The reply to it, which no other message got.</param>
    public string? FindFault(string id, string reply)
    {
        var written = _writes.FirstOrDefault(call => call.Arguments.Contains(id, StringComparison.Ordinal));
        var said = _sends.FirstOrDefault(call => call.Arguments.Contains(reply, StringComparison.Ordinal));
        if (written is null || said is null)
        {
            return $"{id}: {(written is null ? "never written below the queue" : "the reply is not in the trace: " + reply)}";
        }

        if (!IsFlushed(written.Path, written.End, said.Start))
        {
            return $"{id}: {written.Path} was not flushed between its write and its 250";
        }

        // A file that a crash leaves without a name is as good as lost.
        var name = Path.GetFileName(written.Path);
        var made = calls.LastOrDefault(call => call.End < written.Start && call.Arguments.Contains(name, StringComparison.Ordinal)
            && (call.Name.StartsWith("rename", StringComparison.Ordinal) || call.Arguments.Contains("O_CREAT", StringComparison.Ordinal)));
        return made is null || IsFlushed(Path.GetDirectoryName(written.Path)!, made.End, said.Start)
            ? null
            : $"{id}: the folder that names {written.Path} was not flushed before its 250";
    }

    private bool IsFlushed(string path, int after, int before) =>
        _flushes.Any(flush => flush.Path == path && flush.Start > after && flush.End < before);
}
