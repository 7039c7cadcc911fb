using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Whether file systems can be mounted here: tried once, since a container may be root and still not be allowed to.</summary>
internal static class Mounting
{
    private static readonly Lazy<string?> LazyMemory = new(() => Try(async folder =>
    {
        await using var disk = await SmallDisk.MountAsync(folder, megabytes: 1);
    }));

    private static readonly Lazy<string?> LazyLoop = new(() => Try(async folder =>
    {
        await using var disk = await LoopDisk.MountAsync(folder, megabytes: 4);
    }));

    private static readonly Lazy<string?> LazyHanging = new(() => Try(folder =>
    {
        using var mount = HangingMount.Over(folder);
        return Task.CompletedTask;
    }));

    /// <summary>Why no tmpfs can be mounted, or null.</summary>
    public static string? MemoryObstacle => LazyMemory.Value;

    /// <summary>Why no image of a disk can be mounted, or null.</summary>
    public static string? LoopObstacle => LazyLoop.Value;

    /// <summary>Why no file system that answers nothing can be mounted, or null.</summary>
    public static string? HangingObstacle => LazyHanging.Value;

    private static string? Try(Func<string, Task> mount)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "mounting a file system needs root";
        }

        using var folder = new ScratchFolder();
        try
        {
            Task.Run(() => mount(folder.Path + "/disk")).GetAwaiter().GetResult();
            return null;
        }
        catch (Exception trouble) when (trouble is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "no file system can be mounted here: " + trouble.Message.Trim();
        }
    }
}
