using SmimeGateway.Certificates.Files;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The gateway can write where it has to.</summary>
internal static class FoldersCheck
{
    // ENOSPC and EDQUOT: a start makes room, by delivering what is there.
    private static readonly int[] NoRoom = [28, 122];

    /// <summary>Why the queue cannot be where it is to be, in a sentence; null where it can. Asked before the start, which would go on without its own files.</summary>
    public static string? FindQueueHindrance(GatewayOptions options) =>
        Check(options.Queue.Disk, "queue.disk", out _) is { PreventsStart: true } found ? found.Sentence : null;

    /// <summary>The remedy where a start failed, in a sentence; null where every place can be written.</summary>
    public static string? FindHindrance(GatewayOptions options) =>
        Check(options).FirstOrDefault(finding => finding.PreventsStart)?.Sentence;

    /// <summary>Why the log file cannot be written, in a sentence; null where it can, or there is none.</summary>
    public static string? FindLogHindrance(GatewayOptions options) =>
        options.Log.File is { } log
            ? CheckLogFile(log).Prepend(Check(FolderOf(log), "log.file", out _)).FirstOrDefault(finding => finding.Severity != CheckSeverity.Good)?.Sentence
            : null;

    /// <summary>One finding for each folder the gateway writes to, and one for those on a full disk together.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options)
    {
        var folders = new List<(string Folder, string Purpose)>
        {
            (options.DataFolder, "dataFolder"),
            (options.Queue.Disk, "queue.disk"),
            (FolderOf(options.Admin.Socket), "admin.socket"),
        };
        if (options.Log.File is { } log)
        {
            folders.Add((FolderOf(log), "log.file"));
        }

        folders.AddRange(options.Certificates.Own.Where(own => own.Authority is not null).Select(own => (own.Authority!, $"authority of \"{own.Name}\"")));
        folders.AddRange(options.Routes.Where(route => route.Folder is not null).Select(route => (route.Folder!, "folder of a route")));
        var tried = folders.Distinct()
            .Select(entry => (entry.Folder, entry.Purpose, Finding: Check(entry.Folder, entry.Purpose, out var full), Full: full))
            .ToList();
        return tried.Where(entry => entry.Full is null).Select(entry => entry.Finding)
            .Concat(tried.Where(entry => entry.Full is not null).GroupBy(entry => entry.Full).Select(full => FullDisk(full.Key!, [.. full.Select(entry => (entry.Folder, entry.Purpose))])))
            .Concat(Directory.Exists(options.Admin.Socket) || options.Admin.Socket == options.DataFolder ? [FolderInPlace("admin.socket", options.Admin.Socket)]
                : new FileInfo(options.Admin.Socket) is { Exists: true, Length: > 0 }
                ? [CheckFinding.Hindrance($"admin.socket: {options.Admin.Socket}", "A file of that name is there that is no socket. Name another path.")]
                : [])
            .Concat(CheckQueueFiles(options.Queue.Disk))
            .Concat(CheckQueueMode(options.Queue.Disk))
            .Concat(options.Log.File is { } logFile ? CheckLogFile(logFile) : []);
    }

    private static CheckFinding FullDisk(string hindrance, IReadOnlyList<(string Folder, string Purpose)> places)
    {
        var others = places.Count == 1 ? "" : $", for {string.Join(" and ", places.Skip(1).Select(place => place.Purpose).Distinct())} as well";
        var consequence = places.Any(place => place.Purpose == "queue.disk") ? " Until then clients hear 452." : "";
        return CheckFinding.Error($"{places[0].Purpose}: {places[0].Folder}", $"{hindrance}{others}. Make room there, or name a folder on another disk.{consequence}");
    }

    // Whoever ran the gateway as root once, or copied the queue back as root, leaves files that its own account may not open.
    private static IEnumerable<CheckFinding> CheckQueueFiles(string folder)
    {
        IReadOnlyList<string> files;
        try
        {
            // A folder that cannot be written is told as that.
            files = Directory.Exists(folder) && FindHindrance(folder, out _) is null ? Directory.GetFiles(folder, "*.journal") : [];
        }
        catch (UnauthorizedAccessException)
        {
            files = [folder];
        }

        return files.FirstOrDefault(file => FindHindranceOf(file) is not null) is { } closed
            ? [CheckFinding.Hindrance(
                $"queue.disk: {closed}", $"The user {Environment.UserName} may not write it. Give all of the queue to the account that the gateway runs as: chown -R {Environment.UserName} {folder}; chmod -R u+rwX {folder}")]
            : [];
    }

    // Whoever may enter it reads mail. The start puts it right, which is no reason to learn of it only then.
    private static IEnumerable<CheckFinding> CheckQueueMode(string folder)
    {
        const UnixFileMode ForOthers =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if (!OperatingSystem.IsWindows() && Directory.Exists(folder) && (File.GetUnixFileMode(folder) is var mode) && (mode & ForOthers) != 0)
        {
            yield return CheckFinding.Warning(
                $"queue.disk: {folder}",
                $"It is open to others (mode {Convert.ToString((int)mode, 8)}), and mail lies in it. The gateway shuts them out when it starts; now: chmod go= {folder}");
        }
    }

    // The folder may be good and the file of today, left by another account or a copy, not.
    private static IEnumerable<CheckFinding> CheckLogFile(string path)
    {
        var today = LogFile.NameOf(path, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime));
        if (Directory.Exists(today))
        {
            yield return FolderInPlace("log.file", today);
        }
        else if (File.Exists(today) && FindHindranceOf(today) is { } hindrance)
        {
            yield return CheckFinding.Warning(
                $"log.file: {today}", $"It cannot be written: {hindrance}. Let the user {Environment.UserName} write it, or move it away.");
        }
    }

    private static string? FindHindranceOf(string file)
    {
        try
        {
            using var opened = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FileHindrance.Of(exception);
        }
    }

    private static CheckFinding FolderInPlace(string purpose, string path) =>
        new(purpose == "admin.socket" ? CheckSeverity.Error : CheckSeverity.Warning, $"{purpose}: {path}", "A folder stands where the file should be. Name a file in it, or another path.")
        {
            PreventsStart = purpose == "admin.socket",
        };

    private static string FolderOf(string file) => Path.GetDirectoryName(file) ?? file;

    private static CheckFinding Check(string folder, string purpose, out string? full)
    {
        full = null;
        var subject = $"{purpose}: {folder}";
        if (File.Exists(folder))
        {
            return CheckFinding.Error(subject, "A file stands where the folder should be. Remove it, or name another folder.") with
            {
                PreventsStart = purpose is "dataFolder" or "queue.disk" or "admin.socket",
            };
        }

        // What is not there yet is made in the nearest folder that is.
        var nearest = folder;
        while (!Directory.Exists(nearest) && Path.GetDirectoryName(nearest) is { } above)
        {
            nearest = above;
        }

        if (FindHindrance(nearest, out var isFull) is { } hindrance)
        {
            // Without the others mail waits, or lines go to the console alone.
            full = isFull ? hindrance : null;
            return new CheckFinding(
                purpose == "log.file" ? CheckSeverity.Warning : CheckSeverity.Error,
                subject,
                $"It cannot be {(nearest == folder ? "written" : $"made in {nearest}")}: {hindrance}. Let the user {Environment.UserName} write there, or name another folder.") with
            {
                PreventsStart = !isFull && (purpose is "queue.disk" or "admin.socket" || (purpose == "dataFolder" && nearest != folder)),
            };
        }

        return CheckFinding.Good(subject, nearest == folder ? "Can be written." : $"Will be made in {nearest}.");
    }

    // Asking for permissions would miss a full disk and one that is mounted to be read alone; so a file is made, and gone when closed.
    private static string? FindHindrance(string folder, out bool isFull)
    {
        isFull = false;
        var probe = Path.Combine(folder, $".smimegateway-check-{Guid.NewGuid():N}");
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            isFull = Array.IndexOf(NoRoom, exception.HResult & 0xFFFF) >= 0;
            return FileHindrance.OfMaking(exception);
        }
    }
}
