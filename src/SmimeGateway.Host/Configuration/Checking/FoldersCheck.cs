namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The gateway can write where it has to.</summary>
internal static class FoldersCheck
{
    /// <summary>The remedy where a start failed, in a sentence; null where every place can be written.</summary>
    public static string? FindHindrance(GatewayOptions options) =>
        Check(options).FirstOrDefault(finding => finding.Severity == CheckSeverity.Error) is { } found ? $"{found.Subject}: {found.Text}" : null;

    /// <summary>Why the log file cannot be written, in a sentence; null where it can, or there is none.</summary>
    public static string? FindLogHindrance(GatewayOptions options) =>
        options.Log.File is not { } log ? null
        : Directory.Exists(log) ? FolderInPlace("log.file", log).Text
        : Check(FolderOf(log), "log.file") is { Severity: CheckSeverity.Error } found ? found.Text
        : null;

    /// <summary>One finding for each folder the gateway writes to.</summary>
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
        (string Purpose, string? Path)[] files = [("admin.socket", options.Admin.Socket), ("log.file", options.Log.File)];
        return folders.Distinct().Select(entry => Check(entry.Folder, entry.Purpose))
            .Concat(files.Where(file => Directory.Exists(file.Path)).Select(file => FolderInPlace(file.Purpose, file.Path!)));
    }

    private static CheckFinding FolderInPlace(string purpose, string path) =>
        CheckFinding.Error($"{purpose}: {path}", "A folder stands where the file should be. Name a file in it, or another path.");

    private static string FolderOf(string file) => Path.GetDirectoryName(file) ?? file;

    private static CheckFinding Check(string folder, string purpose)
    {
        var subject = $"{purpose}: {folder}";
        if (File.Exists(folder))
        {
            return CheckFinding.Error(subject, "A file stands where the folder should be. Remove it, or name another folder.");
        }

        // What is not there yet is made in the nearest folder that is.
        var nearest = folder;
        while (!Directory.Exists(nearest) && Path.GetDirectoryName(nearest) is { } above)
        {
            nearest = above;
        }

        if (FindHindrance(nearest) is { } hindrance)
        {
            return CheckFinding.Error(subject, $"{nearest} cannot be written: {hindrance.TrimEnd('.')}. Let the user {Environment.UserName} write there.");
        }

        return CheckFinding.Good(subject, nearest == folder ? "Can be written." : $"Will be made in {nearest}.");
    }

    // Asking for permissions would miss a full disk and one that is mounted to be read alone; so a file is made, and gone when closed.
    private static string? FindHindrance(string folder)
    {
        try
        {
            var probe = Path.Combine(folder, $".smimegateway-check-{Guid.NewGuid():N}");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
