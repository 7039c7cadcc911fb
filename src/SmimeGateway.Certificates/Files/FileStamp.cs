namespace SmimeGateway.Certificates.Files;

/// <summary>Tells of some files, without reading them, when one of them changes, and whether somebody may still be writing.</summary>
/// <param name="Text">Differs when a file differs.</param>
/// <param name="Changes">When the content of each of them was last changed.</param>
public sealed record FileStamp(string Text, IReadOnlyList<DateTime> Changes)
{
    /// <summary>A program that writes pauses for less; and within the resolution of file times a change can hide behind an equal stamp.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>False where the system did not let anybody look: then it says nothing, and equals none.</summary>
    public bool IsSeen { get; private init; } = true;

    /// <summary>The stamp of files, and of the folder that they are in where files may come and go; some may be absent.</summary>
    public static FileStamp Of(IEnumerable<string> files, string? folder = null)
    {
        try
        {
            return Look(files, folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Such as a folder above it that may not be entered any more.
            return new FileStamp("not seen", []) { IsSeen = false };
        }
    }

    /// <summary>
    /// True when what was read between this stamp and <paramref name="after"/> was whole: nothing changed meanwhile, or within some seconds of the
    /// moment. PEM can be cut between two blocks, and then nothing in it shows that more was to follow.
    /// </summary>
    public bool IsSettled(FileStamp after, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(after);
        return IsSeen && after.IsSeen && Text == after.Text && Changes.All(change => (now.UtcDateTime - change).Duration() > Settling);
    }

    private static FileStamp Look(IEnumerable<string> files, string? folder)
    {
        var found = files.Select(path => (Path: path, Target: TargetOf(path))).ToList();
        var text = string.Join('|', found.Select(entry => entry.Target is FileInfo { Exists: true } file
            ? $"{file.FullName}:{file.Length}:{file.LastWriteTimeUtc.Ticks}:{FileStatus.ChangeOf(file.FullName)}"
            : $"{entry.Path}:"));
        var changes = found.Where(entry => entry.Target.Exists).Select(entry => entry.Target.LastWriteTimeUtc);
        if (folder is not null)
        {
            var (identity, changed) = (FileStatus.IdentityOf(folder), Directory.GetLastWriteTimeUtc(folder));
            (text, changes) = ($"{text}|{identity}:{changed.Ticks}", changes.Append(changed));
        }

        return new FileStamp(text, [.. changes]);
    }

    // Secrets that an orchestrator mounts are links whose target is exchanged, while the link itself stays.
    private static FileSystemInfo TargetOf(string path)
    {
        var file = new FileInfo(path);
        try
        {
            return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        }
        catch (IOException)
        {
            // It leads in a circle: there is nothing behind it to change.
            return file;
        }
    }
}
