using System.Globalization;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Somebody else's files, which fill a disk to its last byte or take its last inode, and keep it that way.</summary>
internal sealed class Ballast(string folder, bool takesInodes) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private readonly string _place = folder + "/ballast";
    private readonly byte[] _zeros = new byte[1024 * 1024];
    private readonly CancellationTokenSource _stop = new();
    private Task _filling = Task.CompletedTask;
    private int _files;

    /// <summary>Takes part of the disk.</summary>
    public void Take(int megabytes)
    {
        Directory.CreateDirectory(_place);
        using var file = File.Create(_place + "/first");
        file.Write(new byte[megabytes * 1024 * 1024]);
    }

    /// <summary>Takes all that is left, and whatever is freed, until <see cref="RemoveAsync"/>.</summary>
    public void TakeEverything()
    {
        Directory.CreateDirectory(_place);
        TakeRest();
        _filling = Task.Run(async () =>
        {
            using var tick = new PeriodicTimer(Interval);
            while (!_stop.IsCancellationRequested)
            {
                TakeRest();
                await tick.WaitForNextTickAsync(CancellationToken.None);
            }
        });
    }

    /// <summary>Gives everything back.</summary>
    public async Task RemoveAsync()
    {
        await _stop.CancelAsync();
        await _filling;
        if (Directory.Exists(_place))
        {
            Directory.Delete(_place, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        _stop.Dispose();
    }

    private void TakeRest()
    {
        if (takesInodes)
        {
            while (TryTakeInode())
            {
            }

            return;
        }

        // Large pieces first; no file system here has blocks of less than 1 KB.
        for (var size = 1024 * 1024; size >= 1024; size /= 4)
        {
            while (TryTake(size))
            {
            }
        }
    }

    private bool TryTakeInode()
    {
        try
        {
            File.Create($"{_place}/{(_files++).ToString(CultureInfo.InvariantCulture)}").Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private bool TryTake(int size)
    {
        try
        {
            using var file = new FileStream(_place + "/rest", FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.Write(_zeros.AsSpan(0, size));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
