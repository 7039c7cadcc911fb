using System.Runtime.InteropServices;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// Turns an ext4 file system off as a power cut would: EXT4_IOC_SHUTDOWN without flushing the log. What was not flushed by its writers is
/// gone after the next mount.
/// </summary>
internal static partial class PowerSwitch
{
    // _IOR('X', 125, __u32), and EXT4_GOING_FLAGS_NOLOGFLUSH, of fs/ext4/ext4.h.
    private const nuint Shutdown = 0x8004587D;
    private const uint NoLogFlush = 2;

    public static void Cut(string mountPoint)
    {
        var handle = Open(mountPoint, 0);
        try
        {
            if (handle < 0 || Control(handle, Shutdown, NoLogFlush) != 0)
            {
                throw new IOException($"{mountPoint} cannot be shut down: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int handle, nuint request, in uint argument);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
