using System.Globalization;
using System.Runtime.InteropServices;

namespace SmimeGateway.Certificates.Files;

/// <summary>What the file system knows of a file or folder besides its size and the time of its content.</summary>
internal static partial class FileStatus
{
    // statx(2), whose structure is the same on all machines: offsets of stx_uid, stx_gid, stx_mode, stx_ino, stx_btime, stx_ctime, stx_dev_major and stx_dev_minor.
    private const int StructureLength = 256;
    private const int OwnerOffset = 20;
    private const int GroupOffset = 24;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int BirthOffset = 80;
    private const int ChangeOffset = 96;
    private const int TimeLength = 12;
    private const int DeviceOffset = 136;
    private const uint Wanted = 0x1 | 0x8 | 0x10 | 0x80 | 0x100 | 0x800;
    private const int KindBits = 0xF000;
    private const int RegularKind = 0x8000;
    private const int FolderKind = 0x4000;
    private const int CurrentFolder = -100;

    /// <summary>
    /// Tells one folder from another of the same name, such as a share from the place where it is mounted: a text that stays the same as long
    /// as the folder does; null when it is not there, or the system does not tell.
    /// </summary>
    public static string? IdentityOf(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Directory.Exists(folder) ? Directory.GetCreationTimeUtc(folder).Ticks.ToString(CultureInfo.InvariantCulture) : null;
        }

        // Numbers of inodes are used again; the time of birth, where the file system knows it, tells even then.
        Span<byte> found = stackalloc byte[StructureLength];
        return TryRead(folder, found)
            ? $"{Convert.ToHexString(found.Slice(DeviceOffset, 8))}:{Convert.ToHexString(found.Slice(InodeOffset, 8))}:{Convert.ToHexString(found.Slice(BirthOffset, TimeLength))}"
            : null;
    }

    /// <summary>
    /// A text that is another one when anything about a file was changed, the right to read it and what a copy hides that keeps times among
    /// it; null when the system does not tell.
    /// </summary>
    public static string? ChangeOf(string file)
    {
        Span<byte> found = stackalloc byte[StructureLength];
        return OperatingSystem.IsLinux() && TryRead(file, found) ? Convert.ToHexString(found.Slice(ChangeOffset, TimeLength)) : null;
    }

    /// <summary>False for pipes, sockets and devices. A folder says for itself that it is no file.</summary>
    public static bool IsRegularOrAbsent(string file)
    {
        Span<byte> found = stackalloc byte[StructureLength];
        return !OperatingSystem.IsLinux() || !TryRead(file, found) || (BitConverter.ToUInt16(found[ModeOffset..]) & KindBits) is RegularKind or FolderKind;
    }

    /// <summary>True when the group of a file has the number of its owner.</summary>
    public static bool HasOwnersGroup(string file)
    {
        Span<byte> found = stackalloc byte[StructureLength];
        return OperatingSystem.IsLinux() && TryRead(file, found)
            && found.Slice(OwnerOffset, sizeof(uint)).SequenceEqual(found.Slice(GroupOffset, sizeof(uint)));
    }

    private static unsafe bool TryRead(string path, Span<byte> found)
    {
        try
        {
            fixed (byte* structure = found)
            {
                return Statx(CurrentFolder, path, 0, Wanted, structure) == 0;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint wanted, byte* found);
}
