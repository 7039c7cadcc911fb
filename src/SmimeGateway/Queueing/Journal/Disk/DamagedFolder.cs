using System.Globalization;
using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing.Journal.Segments;

namespace SmimeGateway.Queueing.Journal.Disk;

/// <summary>Keeps what cannot be read for a person to look at, so that it is neither sent nor thrown away.</summary>
internal sealed class DamagedFolder(IJournalFolder folder, ILogger log)
{
    /// <summary>The folder, as part of a name.</summary>
    public const string Prefix = "damaged/";

    private int _count;

    /// <summary>How many pieces were set aside since the start.</summary>
    public int Count => _count;

    /// <summary>Copies a stretch of a segment.</summary>
    /// <returns>False when the copy could not be made.</returns>
    public bool Copy(string segment, long offset, ReadOnlySpan<byte> bytes, DamageKind kind)
    {
        Interlocked.Increment(ref _count);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{segment}-{offset}");
        QueueLog.Damaged(log, segment, offset, bytes.Length, kind, name);
        if (bytes.IsEmpty || folder.Exists(name))
        {
            return true;
        }

        try
        {
            using var copy = folder.Create(name, bytes.Length);
            copy.Write([bytes.ToArray()], 0);
            copy.Flush();
            return true;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            QueueLog.NotSetAside(log, segment, trouble);
            return false;
        }
    }

    /// <summary>Moves a whole file there.</summary>
    public void Move(string name, string reason)
    {
        Interlocked.Increment(ref _count);
        QueueLog.SetAside(log, name, reason);
        try
        {
            folder.Rename(name, Prefix + name);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            QueueLog.NotSetAside(log, name, trouble);
        }
    }
}
