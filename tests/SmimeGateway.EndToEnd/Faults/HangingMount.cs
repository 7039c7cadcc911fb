using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// A file system that answers nothing, as a share does whose server is gone: whatever touches it waits until it is taken away.
/// </summary>
internal sealed partial class HangingMount : IDisposable
{
    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;
    private const int ForceAndDetach = 3;

    private readonly string _folder;
    private int _device;

    private HangingMount(string folder, int device) => (_folder, _device) = (folder, device);

    /// <summary>Mounts it over a folder.</summary>
    public static HangingMount Over(string folder)
    {
        Directory.CreateDirectory(folder);

        // A file system in user space whose program never reads what it is asked.
        var device = Open("/dev/fuse", ReadWrite | CloseOnExec);
        if (device < 0)
        {
            throw new Win32Exception();
        }

        if (Mount("hanging", folder, "fuse", 0, $"fd={device},rootmode=40000,user_id=0,group_id=0") != 0)
        {
            var failure = new Win32Exception();
            _ = Close(device);
            throw failure;
        }

        return new HangingMount(folder, device);
    }

    /// <summary>Takes it away: what waits for it hears an error, and the folder below is seen again.</summary>
    public void Dispose()
    {
        if (_device >= 0)
        {
            _ = Close(_device);
            _ = Unmount(_folder, ForceAndDetach);
            _device = -1;
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, nuint flags, string data);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
