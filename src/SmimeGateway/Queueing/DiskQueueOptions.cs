namespace SmimeGateway.Queueing;

/// <summary>How a queue on disk is kept.</summary>
/// <param name="Folder">The folder; made when it does not exist. One gateway at a time.</param>
public sealed record DiskQueueOptions(string Folder)
{
    /// <summary>The largest message any listener takes; the reserve on the disk is one and a half of it, or 5 % of the file system.</summary>
    public long MaxMessageBytes { get; init; } = 50_000_000;

    /// <summary>Content that waits in memory so that a prompt delivery does not read the disk.</summary>
    public long CacheBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The length of a journal segment; null to choose by the size of the file system.</summary>
    public long? SegmentBytes { get; init; }

    /// <summary>Longer messages get a file of their own.</summary>
    public int OwnFileBytes { get; init; } = 1024 * 1024;
}
