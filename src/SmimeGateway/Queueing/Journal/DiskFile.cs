namespace SmimeGateway.Queueing.Journal;

/// <summary>A real file.</summary>
internal sealed class DiskFile(string path, FileStreamOptions options) : IJournalFile
{
    private readonly FileStream _stream = new(path, options);

    /// <inheritdoc />
    public long Length => RandomAccess.GetLength(_stream.SafeFileHandle);

    /// <inheritdoc />
    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset) => RandomAccess.Write(_stream.SafeFileHandle, pieces, offset);

    /// <inheritdoc />
    public void Flush() => FileFlush.Flush(_stream.SafeFileHandle);

    /// <inheritdoc />
    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var count = RandomAccess.Read(_stream.SafeFileHandle, buffer[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    /// <inheritdoc />
    public void SetLength(long length) => RandomAccess.SetLength(_stream.SafeFileHandle, length);

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();
}
