using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A tmpfs that is full sooner than any disk.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder)
    {
        _folder = folder;
    }

    public static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        await Tool.MustAsync("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder]);
        return new SmallDisk(folder);
    }

    public async ValueTask DisposeAsync() => await Tool.RunAsync("umount", ["--lazy", _folder]);
}
