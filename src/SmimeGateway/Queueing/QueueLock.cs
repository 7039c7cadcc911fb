using System.Globalization;
using System.Text;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Queueing;

/// <summary>Makes sure that one process alone uses a queue. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class QueueLock : IDisposable
{
    private const string LockName = "lock";
    private const string PidName = "lock.pid";

    // Who looks for the holder has the lock for an instant, as nothing else tells whether somebody has it.
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(500);

    private readonly FileStream _file;

    private QueueLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>The process that has the lock; null when nobody has, or it cannot be told.</summary>
    public static string? FindHolder(string folder)
    {
        try
        {
            using var free = new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (Exception trouble) when (trouble is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return ReadPid(Path.Combine(folder, PidName));
        }
    }

    /// <summary>Takes the lock, or says who has it and keeps it for longer than a look.</summary>
    /// <exception cref="QueueUnavailableException">Another process has it.</exception>
    public static QueueLock Acquire(string folder)
    {
        // The number of the process stands in a file of its own: the locked one cannot be read by the process that needs to know.
        var pidFile = Path.Combine(folder, PidName);
        FileStream? file = null;
        IOException? trouble = null;
        try
        {
            _ = SpinWait.SpinUntil(() => TryTake(folder, out file, out trouble), LongestLook);
        }
        catch (UnauthorizedAccessException hindrance)
        {
            throw new QueueUnavailableException($"The queue '{folder}' cannot be written to: {FileHindrance.Of(hindrance)}", hindrance);
        }

        if (file is null)
        {
            throw new QueueUnavailableException(
                $"The queue '{folder}' is in use by process {ReadPid(pidFile)}; two gateways cannot share one queue.", trouble!);
        }

        try
        {
            var pid = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            using var note = new FileStream(pidFile, FileMode.Create, FileAccess.Write, FileShare.Read);
            note.Write(pid);
        }
        catch (IOException)
        {
            // On a full disk the lock still holds; only the number is unknown to others.
        }

        return new QueueLock(file);
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private static bool TryTake(string folder, out FileStream? file, out IOException? trouble)
    {
        (file, trouble) = (null, null);
        try
        {
            file = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException taken)
        {
            trouble = taken;
            return false;
        }
    }

    private static string ReadPid(string pidFile)
    {
        try
        {
            var text = File.ReadAllText(pidFile).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? text : "(unknown)";
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return "(unknown)";
        }
    }
}
