using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Queueing;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Tests.Queueing;

/// <summary>A real file system of 64 MB, flooded. Mounting one needs root; without it the test says so and does nothing.</summary>
public sealed class SmallDiskTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_flooded_file_system_is_refused_before_it_is_full_drains_when_full_and_accepts_again()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            output.WriteLine("Skipped: mounting a small file system needs root on Linux.");
            return;
        }

        using var folder = new TemporaryFolder();
        if (!await RunAsync("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder.Path))
        {
            output.WriteLine("Skipped: this machine does not let root mount a tmpfs.");
            return;
        }

        try
        {
            await FloodAsync(folder);
        }
        finally
        {
            // A process that another test starts at this moment holds a copy of every open file until it runs its own program.
            await Eventually.TrueAsync(() => RunAsync("umount", folder.Path));
        }
    }

    private static async Task FloodAsync(TemporaryFolder folder)
    {
        var options = new DiskQueueOptions(folder["queue"]) { MaxMessageBytes = 1_000_000 };
        await using var queue = DiskQueue.Open(options, TimeProvider.System, NullLogger<DiskQueue>.Instance);
        var accepted = new HashSet<QueueId>();
        while (queue.HasRoomFor(10_000) && accepted.Count < 10_000)
        {
            accepted.Add(await queue.AddAsync(Mail.OfLength(10_000)));
        }

        // More than 5 % of the file system is still free: it was refused before it was full.
        new DriveInfo(folder.Path).AvailableFreeSpace.ShouldBeGreaterThan(2_000_000);
        accepted.Count.ShouldBeGreaterThan(4_000);

        FillUp(folder["ballast"]);
        for (var i = 0; i < accepted.Count; i++)
        {
            var message = await queue.NextAsync();
            accepted.ShouldContain(message.Id);
            await queue.DeliverAsync(message);
        }

        queue.Summarize().Messages.ShouldBe(0);
        File.Delete(folder["ballast"]);
        await Eventually.TrueAsync(() => queue.HasRoomFor(10_000));
        await queue.AddAsync(Mail.OfLength(10_000));
    }

    private static void FillUp(string path)
    {
        using var file = File.Create(path, bufferSize: 0);
        var size = 1_000_000;
        while (size > 0)
        {
            try
            {
                file.Write(new byte[size]);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    private static async Task<bool> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
