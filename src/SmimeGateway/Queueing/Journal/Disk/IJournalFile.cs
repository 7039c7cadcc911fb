namespace SmimeGateway.Queueing.Journal.Disk;

/// <summary>One file of the queue. Every member throws <see cref="IOException"/> when the disk refuses.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>The length, allocated or written.</summary>
    long Length { get; }

    /// <summary>Writes all pieces one after the other. When it throws, any part of them may have been written.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset);

    /// <summary>Returns once everything written before is on stable storage. Never called again after it threw.</summary>
    void Flush();

    /// <summary>Fills the buffer from the offset on; fewer bytes only at the end of the file.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Cuts the file, or extends it with zeros.</summary>
    void SetLength(long length);
}
