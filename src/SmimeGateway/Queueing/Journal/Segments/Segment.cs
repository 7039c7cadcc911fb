using System.Globalization;
using SmimeGateway.Queueing.Journal.Disk;

namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>A file of the journal, and the messages that still need it. Only the writer changes it.</summary>
internal sealed class Segment(SegmentHeader header, IJournalFile file) : IDisposable
{
    /// <summary>What the names of all segments end with.</summary>
    public const string Extension = ".journal";

    /// <summary>Its place among the segments.</summary>
    public long Number => header.Number;

    /// <summary>What each of its frames starts with.</summary>
    public ulong Mark => header.Mark;

    /// <summary>How long the file may become.</summary>
    public long Capacity => header.Allocated;

    /// <summary>The file.</summary>
    public IJournalFile File => file;

    /// <summary>Where the next frame goes.</summary>
    public long End { get; set; } = SegmentHeader.Size;

    /// <summary>Where the last frame ends that a flush has confirmed.</summary>
    public long ConfirmedEnd { get; set; } = SegmentHeader.Size;

    /// <summary>True when it holds damage that could not be copied; then the file itself is kept.</summary>
    public bool HoldsDamage { get; set; }

    /// <summary>What it occupies on the disk.</summary>
    public long OccupiedBytes { get; set; } = header.Allocated;

    /// <summary>The messages that have not ended and were written here last.</summary>
    public HashSet<QueueEntry> Living { get; } = [];

    /// <summary>The name of the segment with this number.</summary>
    public static string NameOf(long number) => number.ToString("D12", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The number in the name of a segment.</summary>
    public static bool TryParseName(string name, out long number)
    {
        number = 0;
        return name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, name.Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0;
    }

    /// <inheritdoc />
    public void Dispose() => file.Dispose();
}
