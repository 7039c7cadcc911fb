using System.Globalization;
using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;

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
        QueueLog.Damaged(log, segment, offset, bytes.Length, Words(kind), name);
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
            QueueLog.NotSetAside(log, segment, FileHindrance.WithPlace(trouble));
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
            QueueLog.NotSetAside(log, name, FileHindrance.WithPlace(trouble));
        }
    }

    private static string Words(DamageKind kind) => kind switch
    {
        DamageKind.InTheMiddle => "intact pieces follow it",
        DamageKind.TornTail => "nothing intact follows it, as when the power went while it was written",
        DamageKind.EndMissing => "what was confirmed behind it is not there",
        DamageKind.Unreadable => "the disk does not give it",
        DamageKind.Content => "the content of one message is not what was written",
    };
}

/// <summary>What is the matter with a stretch of a segment.</summary>
internal enum DamageKind
{
    /// <summary>Intact frames follow, so this was one or more.</summary>
    InTheMiddle,

    /// <summary>Nothing intact follows: usually a frame that was being written when the power went, which was confirmed to nobody.</summary>
    TornTail,

    /// <summary>Frames that were confirmed are not there.</summary>
    EndMissing,

    /// <summary>The disk does not give the bytes.</summary>
    Unreadable,

    /// <summary>The content of one message does not match its checksum.</summary>
    Content,
}
