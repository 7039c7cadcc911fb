namespace SmimeGateway.EndToEnd.Faults;

/// <summary>One system call of a trace.</summary>
/// <param name="Name">Such as <c>fsync</c>.</param>
/// <param name="Arguments">As strace prints them, with the paths of descriptors.</param>
/// <param name="Result">The returned number.</param>
/// <param name="Start">The line of the trace on which it began.</param>
/// <param name="End">The line on which it returned.</param>
internal sealed record SystemCall(string Name, string Arguments, long Result, int Start, int End)
{
    /// <summary>The path of the first descriptor, or an empty string.</summary>
    public string Path
    {
        get
        {
            var start = Arguments.IndexOf('<', StringComparison.Ordinal);
            var end = Arguments.IndexOf('>', StringComparison.Ordinal);
            return start >= 0 && end > start ? Arguments[(start + 1)..end] : string.Empty;
        }
    }
}
