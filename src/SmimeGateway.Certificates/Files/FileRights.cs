namespace SmimeGateway.Certificates.Files;

/// <summary>What those may do with a file or folder who neither own it nor are alone in its group.</summary>
/// <param name="MayRead">True when everybody may read it.</param>
/// <param name="MayWrite">True when everybody may write it, or a group that is not its owner's own.</param>
/// <param name="Mode">Its rights as <c>chmod</c> takes them.</param>
public readonly record struct FileRights(bool MayRead, bool MayWrite, string Mode)
{
    /// <summary>The rights of others; none where there is no such file, or nobody tells.</summary>
    public static FileRights OfOthers(string path)
    {
        try
        {
            var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

            // A group is read for: that is how a service gets at keys that belong to root. A group with the number of an owner is by custom his own.
            var writers = UnixFileMode.OtherWrite | (FileStatus.HasOwnersGroup(path) ? UnixFileMode.None : UnixFileMode.GroupWrite);
            return new((mode & UnixFileMode.OtherRead) != 0, (mode & writers) != 0, Convert.ToString((int)mode, 8));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
