using Microsoft.Win32.SafeHandles;
using SmimeGateway.Files;

namespace SmimeGateway.Queueing.Journal.Disk;

/// <summary>A real file.</summary>
internal sealed class DiskFile : IJournalFile
{
    private readonly FileStream _stream;

    // Asked for once: the stream moves the file's position each time it shows its handle.
    private readonly SafeFileHandle _handle;

    /// <summary>Opens the file.</summary>
    public DiskFile(string path, FileStreamOptions options)
    {
        _stream = new FileStream(path, options);
        _handle = _stream.SafeFileHandle;
    }

    /// <inheritdoc />
    public long Length => RandomAccess.GetLength(_handle);

    /// <inheritdoc />
    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset) => RandomAccess.Write(_handle, pieces, offset);

    /// <inheritdoc />
    public void Flush() => FileFlush.Flush(_handle);

    /// <inheritdoc />
    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var count = RandomAccess.Read(_handle, buffer[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    /// <inheritdoc />
    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();
}
