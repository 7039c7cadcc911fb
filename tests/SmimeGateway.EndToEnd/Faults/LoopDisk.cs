using System.Globalization;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>An ext4 file system in a file on a real disk: it can run out of inodes, and its power can be cut.</summary>
internal sealed class LoopDisk : IAsyncDisposable
{
    private readonly ScratchFolder _place = new();
    private readonly string _folder;

    private LoopDisk(string folder)
    {
        _folder = folder;
    }

    private string Image => _place.Path + "/image";

    /// <summary>Makes and mounts one; root has no reserve on it, so that full means full.</summary>
    public static async Task<LoopDisk> MountAsync(string folder, int megabytes, int? inodes = null)
    {
        Directory.CreateDirectory(folder);
        var disk = new LoopDisk(folder);
        try
        {
            string[] limit = inodes is { } count ? ["-N", count.ToString(CultureInfo.InvariantCulture)] : [];
            await Tool.MustAsync("truncate", ["-s", $"{megabytes}M", disk.Image]);
            await Tool.MustAsync("/sbin/mkfs.ext4", ["-q", "-F", "-m", "0", .. limit, disk.Image]);
            await disk.MountAsync();
            return disk;
        }
        catch
        {
            disk._place.Dispose();
            throw;
        }
    }

    /// <summary>Forgets at once everything that was not flushed; from then on every access fails until <see cref="RestoreAsync"/>.</summary>
    public void CutPower() => PowerSwitch.Cut(_folder);

    /// <summary>Mounts again, as a start after a power cut does: the file system replays its journal, nobody repairs anything.</summary>
    public async Task RestoreAsync()
    {
        // What was killed closes its files when the system gets round to it.
        await Eventually.TrueAsync(async () => (await Tool.RunAsync("umount", [_folder])).ExitCode == 0);
        await MountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync("umount", ["--lazy", _folder]);
        _place.Dispose();
    }

    private Task<ToolRun> MountAsync() => Tool.MustAsync("mount", ["-o", "loop", Image, _folder]);
}
