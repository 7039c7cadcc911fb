namespace SmimeGateway.Host.Admin;

/// <summary>The socket through which commands reach the running gateway. Its file permissions are the whole of its access control.</summary>
internal static class AdminSocket
{
    /// <summary>Removes what a killed gateway left behind. The lock of the queue has shown that no other one is running.</summary>
    public static void Clear(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
    }

    /// <summary>Lets nobody but the gateway's own account in.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
