using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Queueing;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

public sealed class QueueLockTests
{
    [Fact]
    public async Task A_second_gateway_is_refused_with_the_number_of_the_first()
    {
        using var folder = new TemporaryFolder();
        await using var first = Open(folder);

        var refusal = Should.Throw<QueueUnavailableException>(() => Open(folder));

        refusal.Message.ShouldContain($"in use by process {Environment.ProcessId}");
        refusal.Message.ShouldContain(folder.Path);
    }

    [Fact]
    public async Task Who_looks_for_the_holder_keeps_no_gateway_from_starting()
    {
        using var folder = new TemporaryFolder();
        using var enough = new CancellationTokenSource();
        QueueLock.Acquire(folder.Path).Dispose();
        var looked = 0;
        var looking = Task.Factory.StartNew(
            () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    _ = QueueLock.FindHolder(folder.Path);
                    Interlocked.Increment(ref looked);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        while (Volatile.Read(ref looked) < 2_000)
        {
            QueueLock.Acquire(folder.Path).Dispose();
        }

        await enough.CancelAsync();
        await looking;
    }

    [Fact]
    public async Task A_queue_that_was_closed_can_be_opened_again()
    {
        using var folder = new TemporaryFolder();
        await using (var first = Open(folder))
        {
            await first.AddAsync(Mail.Some("a"));
        }

        await using var second = Open(folder);

        (await second.NextAsync()).Text().ShouldBe("a");
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["file"], []);

        var refusal = Should.Throw<QueueUnavailableException>(() => Open(folder, "file/queue"));

        refusal.Message.ShouldContain("file/queue");
    }

    [Fact]
    public async Task Only_the_owner_can_look_into_the_queue()
    {
        using var folder = new TemporaryFolder();

        await using var queue = Open(folder, "queue");

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(folder["queue"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var file in Directory.GetFiles(folder["queue"], "*.journal"))
            {
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    [Fact]
    public async Task A_folder_that_was_open_to_others_is_closed_to_them_and_the_log_tells()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["queue"]);
        File.SetUnixFileMode(folder["queue"], (UnixFileMode)Convert.ToInt32("755", 8));
        var log = new CollectingLogger<DiskQueue>(LogLevel.Warning);

        await using (DiskQueue.Open(new DiskQueueOptions(folder["queue"]), TimeProvider.System, log))
        {
            File.GetUnixFileMode(folder["queue"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await using var again = DiskQueue.Open(new DiskQueueOptions(folder["queue"]), TimeProvider.System, log);
        log.Lines.ShouldBe([$"Warning The queue folder {folder["queue"]} was open to others (mode 755); now only its owner may enter it, as it holds mail"]);
    }

    private static DiskQueue Open(TemporaryFolder folder, string name = ".") =>
        DiskQueue.Open(new DiskQueueOptions(folder[name]), TimeProvider.System, NullLogger<DiskQueue>.Instance);
}
