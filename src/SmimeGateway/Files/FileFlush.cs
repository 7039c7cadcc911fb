using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SmimeGateway.Files;

/// <summary>
/// Flushes a file. The framework's own call passes over EIO on Unix, the very error that says that bytes are lost: a 250 said after it would
/// be a lie.
/// </summary>
internal static partial class FileFlush
{
    /// <summary>EINTR, the same on every Unix.</summary>
    private const int Interrupted = 4;

    /// <summary>Returns once the bytes of a file, and its length, are on stable storage.</summary>
    /// <exception cref="IOException">They may not be. Flushing it again proves nothing.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
#pragma warning disable RS0030 // Elsewhere it is all there is: on macOS it knows the call that reaches the disk, on Windows it tells every error.
            RandomAccess.FlushToDisk(file);
#pragma warning restore RS0030
            return;
        }

        while (FDataSync(file) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException($"fdatasync: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FDataSync(SafeFileHandle file);
}
