using System.Runtime.InteropServices;

namespace SmimeGateway.Certificates.Finding;

/// <summary>Tells one folder from another of the same name, such as a share from the place where it is mounted.</summary>
internal static partial class FolderIdentity
{
    // statx(2), whose structure is the same on all machines: offsets of stx_ino, stx_btime, stx_dev_major and stx_dev_minor. Numbers of
    // inodes are used again; the time of birth, where the file system knows it, tells even then.
    private const int StructureLength = 256;
    private const int InodeOffset = 32;
    private const int BirthOffset = 80;
    private const int BirthLength = 12;
    private const int DeviceOffset = 136;
    private const uint Wanted = 0x100 | 0x800;
    private const int CurrentFolder = -100;

    /// <summary>A text that stays the same as long as the folder does; null when it is not there, or the system does not tell.</summary>
    public static unsafe string? Of(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Directory.Exists(folder) ? Directory.GetCreationTimeUtc(folder).Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        }

        Span<byte> found = stackalloc byte[StructureLength];
        try
        {
            fixed (byte* structure = found)
            {
                return Statx(CurrentFolder, folder, 0, Wanted, structure) == 0
                    ? $"{Convert.ToHexString(found.Slice(DeviceOffset, 8))}:{Convert.ToHexString(found.Slice(InodeOffset, 8))}:{Convert.ToHexString(found.Slice(BirthOffset, BirthLength))}"
                    : null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint wanted, byte* found);
}
