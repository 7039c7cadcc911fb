using SmimeGateway.Queueing.Journal.Disk;

namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>How long segments are when nobody says.</summary>
internal static class SegmentLength
{
    /// <summary>Long enough that a busy gateway opens about two in a second.</summary>
    private const long Most = 32 * 1024 * 1024;

    /// <summary>Short enough that two of them and some mail fit on a file system of 32 MB.</summary>
    private const long Least = 1024 * 1024;

    /// <summary>A sixty-fourth of the file system, within reason.</summary>
    public static long For(IJournalFolder folder)
    {
        var (_, total) = folder.MeasureSpace();
        return Math.Clamp(total / 64, Least, Most);
    }
}
