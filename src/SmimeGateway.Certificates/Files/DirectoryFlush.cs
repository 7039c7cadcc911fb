using System.Runtime.InteropServices;

namespace SmimeGateway.Certificates.Files;

/// <summary>Flushes a directory: without it a power cut loses the name of a file whose bytes are safe. The framework has no way to.</summary>
public static partial class DirectoryFlush
{
    /// <summary>open(2) with O_RDONLY, which is 0 on every Unix; O_CLOEXEC is left out because the handle lives for one call.</summary>
    private const int ReadOnly = 0;

    /// <summary>Returns once the names in the directory are on stable storage.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // NTFS journals names by itself and offers no call for it.
            return;
        }

        var handle = Open(path, ReadOnly);
        if (handle < 0)
        {
            throw Failure("open", path);
        }

        try
        {
            if (FSync(handle) != 0)
            {
                throw Failure("fsync", path);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    /// <summary>The same where the folder may be one that this process may not read, or on a file system that knows no such thing.</summary>
    public static void TryFlush(string path)
    {
        try
        {
            Flush(path);
        }
        catch (IOException)
        {
            // The file itself is flushed; only its name may be lost with the power.
        }
    }

    private static IOException Failure(string call, string path) =>
        new($"{call} of the directory '{path}': {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
