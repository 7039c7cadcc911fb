using SmimeGateway.Queueing.Journal.Disk;

namespace SmimeGateway.Tests.Queueing;

/// <summary>A folder that knows what a flush has made safe, so that it can show what a kill or a power cut leaves, and fails when told to.</summary>
internal sealed class MemoryFolder : IJournalFolder
{
    private readonly Dictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private Dictionary<string, MemoryFile> _safeNames = new(StringComparer.Ordinal);

    // What was done to names since they were flushed, in its order.
    private readonly List<Action<Dictionary<string, MemoryFile>>> _unsafeNames = [];

    /// <summary>One gate for the folder and its files, so that what a kill leaves is one moment's state.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The bytes all files together may have.</summary>
    public long Capacity { get; set; } = 1L << 40;

    /// <summary>Asked before every write and flush; a reason makes it fail.</summary>
    public Func<string, DiskCall, string?> Trouble { get; set; } = static (_, _) => null;

    /// <summary>Called before and after everything that changes the folder or a file, and in the middle of every write: where a process can die.</summary>
    public Action Step { get; set; } = static () => { };

    /// <summary>Of a write that fails, this many bytes are written nevertheless.</summary>
    public int BytesWrittenByFailingWrite { get; set; }

    /// <summary>Flushes of files so far.</summary>
    public int Flushes { get; set; }

    /// <summary>The files with their bytes.</summary>
    public IReadOnlyDictionary<string, MemoryFile> Files => _files;

    private long UsedBytes => _files.Values.Sum(static file => (long)file.Bytes.Length);

    /// <summary>What is there when the process is killed: everything that the operating system was given.</summary>
    public MemoryFolder AfterKill()
    {
        lock (Gate)
        {
            return Rebuild(_files, static file => file.Bytes);
        }
    }

    /// <summary>
    /// What is there when the power goes: what was flushed, and of the rest whatever chance wrote. Of several names that were made, changed
    /// or removed since, each may have reached the disk without those before it.
    /// </summary>
    public MemoryFolder AfterPowerCut(Random chance)
    {
        lock (Gate)
        {
            var names = new Dictionary<string, MemoryFile>(_safeNames, StringComparer.Ordinal);
            foreach (var change in _unsafeNames.Where(_ => chance.Next(2) == 0))
            {
                change(names);
            }

            return Rebuild(names, file => file.AfterPowerCut(chance));
        }
    }

    /// <summary>Overwrites bytes behind the queue's back.</summary>
    public void Corrupt(string name, Func<byte[], byte[]> change)
    {
        lock (Gate)
        {
            _files[name].Replace(change([.. _files[name].Bytes]));
        }
    }

    /// <summary>Puts a file there.</summary>
    public void Place(string name, byte[] bytes) => _files[name] = _safeNames[name] = new MemoryFile(this, name, bytes);

    public IReadOnlyList<string> List()
    {
        lock (Gate)
        {
            return [.. _files.Keys.Where(static name => !name.Contains('/', StringComparison.Ordinal))];
        }
    }

    public IJournalFile Create(string name, long length)
    {
        lock (Gate)
        {
            Demand(length);
            Step();
            var file = new MemoryFile(this, name, new byte[length]);
            if (!_files.TryAdd(name, file))
            {
                throw new IOException("exists: " + name);
            }

            _unsafeNames.Add(names => names[name] = file);
            Step();
            return file;
        }
    }

    public IJournalFile Open(string name)
    {
        lock (Gate)
        {
            return _files.TryGetValue(name, out var file) ? file : throw new FileNotFoundException(name);
        }
    }

    public void Delete(string name)
    {
        lock (Gate)
        {
            Step();
            _files.Remove(name);
            _unsafeNames.Add(names => names.Remove(name));
            Step();
        }
    }

    public void Rename(string name, string newName)
    {
        lock (Gate)
        {
            Step();
            _files.Remove(name, out var file);
            _files[newName] = file ?? throw new FileNotFoundException(name);
            _unsafeNames.Add(names =>
            {
                if (names.Remove(name, out var renamed))
                {
                    names[newName] = renamed;
                }
            });
            Step();
        }
    }

    public bool Exists(string name)
    {
        lock (Gate)
        {
            return _files.ContainsKey(name);
        }
    }

    public void FlushNames()
    {
        lock (Gate)
        {
            Step();
            _safeNames = new Dictionary<string, MemoryFile>(_files, StringComparer.Ordinal);
            _unsafeNames.Clear();
            Step();
        }
    }

    public (long Free, long Total) MeasureSpace()
    {
        lock (Gate)
        {
            return (Capacity - UsedBytes, Capacity);
        }
    }

    /// <summary>Throws unless so many more bytes fit.</summary>
    public void Demand(long bytes)
    {
        if (UsedBytes + bytes > Capacity)
        {
            throw new IOException("No space left on device");
        }
    }

    private static MemoryFolder Rebuild(Dictionary<string, MemoryFile> files, Func<MemoryFile, byte[]> content)
    {
        var folder = new MemoryFolder();
        foreach (var (name, file) in files)
        {
            folder.Place(name, [.. content(file)]);
        }

        return folder;
    }
}
