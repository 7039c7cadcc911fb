using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Queueing.Journal.Disk;

namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>Finds the segments of a queue and judges them by their headers, before any frame is read.</summary>
internal sealed class SegmentScan(IJournalFolder folder, DamagedFolder damaged, ILogger log)
{
    /// <summary>The readable segments by their numbers, with what their headers say.</summary>
    public SortedDictionary<long, (SegmentHeader Header, IJournalFile File)> Found { get; } = [];

    /// <summary>The highest number of a file that was prepared and never used, or 0.</summary>
    public long SpareNumber { get; private set; }

    /// <summary>The highest number seen, whatever became of the file.</summary>
    public long HighestNumber { get; private set; }

    /// <summary>Opens every segment of the folder.</summary>
    /// <exception cref="QueueUnavailableException">A newer release wrote one of them, or one cannot be read now.</exception>
    public void Run()
    {
        try
        {
            foreach (var name in folder.List().Order(StringComparer.Ordinal))
            {
                if (Segment.TryParseName(name, out var number))
                {
                    HighestNumber = Math.Max(HighestNumber, number);
                    Examine(name, number);
                }
            }
        }
        catch
        {
            CloseAll();
            throw;
        }

        SetForeignAside();
    }

    private void CloseAll()
    {
        foreach (var (_, file) in Found.Values)
        {
            file.Dispose();
        }
    }

    private void Examine(string name, long number)
    {
        IJournalFile? file = null;
        var start = new byte[SegmentHeader.Size];
        int length;
        try
        {
            file = folder.Open(name);
            length = file.Read(start, 0);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw Unreadable(name, trouble);
        }

        if (SegmentHeader.TryDecode(start.AsSpan(0, length), out var header, out var version, out var isWhole))
        {
            if (header!.Number == number)
            {
                if (!isWhole)
                {
                    QueueLog.HeaderCopyDamaged(log, name);
                }

                Found.Add(number, (header, file));
                return;
            }

            file.Dispose();
            damaged.Move(name, $"it is segment {header.Number} under another name");
            return;
        }

        if (version > SegmentHeader.FormatVersion)
        {
            file.Dispose();
            throw new QueueUnavailableException(
                $"'{name}' was written by a newer release (queue format {version}; this release reads up to {SegmentHeader.FormatVersion}). "
                + "Nothing was changed; start that release again.");
        }

        bool isUnused;
        using (file)
        {
            isUnused = IsAllZero(file, name);
        }

        if (!isUnused)
        {
            damaged.Move(name, "neither copy of its header can be read");
            return;
        }

        if (SpareNumber != 0)
        {
            folder.Delete(Segment.NameOf(SpareNumber));
        }

        SpareNumber = number;
    }

    private static bool IsAllZero(IJournalFile file, string name)
    {
        try
        {
            var chunk = new byte[1024 * 1024];
            long position = 0;
            int count;
            while ((count = file.Read(chunk, position)) > 0)
            {
                if (chunk.AsSpan(0, count).ContainsAnyExcept((byte)0))
                {
                    return false;
                }

                position += count;
            }

            return true;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(name, trouble);
        }
    }

    // Rights, descriptors and cables can be mended, and then all of it is there: only what was read may be called damaged.
    private static QueueUnavailableException Unreadable(string name, Exception trouble) => new(
        $"'{name}' of the queue cannot be read: {FileHindrance.Of(trouble)}. It stays as it is, and nothing is delivered without it. Give it back to "
        + "the account of the gateway (mode 0600) or repair the disk and start again, or move it away to go on without the mail in it.",
        trouble);

    /// <summary>Segments that somebody copied here from another queue are not this queue's to deliver: that one may do so as well.</summary>
    private void SetForeignAside()
    {
        var identities = Found.Values.GroupBy(static segment => segment.Header.QueueIdentity)
            .OrderByDescending(static group => group.Count()).ThenByDescending(static group => group.Max(segment => segment.Header.Number));
        foreach (var (header, file) in identities.Skip(1).SelectMany(static group => group).ToList())
        {
            file.Dispose();
            Found.Remove(header.Number);
            damaged.Move(Segment.NameOf(header.Number), "it belongs to another queue");
        }
    }
}
