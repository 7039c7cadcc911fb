namespace SmimeGateway.Certificates.Files;

/// <summary>A file that holds certificates, with the files beside it that reading it needs.</summary>
/// <param name="Path">The file that problems name.</param>
/// <param name="Companions">Key and password files; they may be absent.</param>
internal sealed record WatchedFile(string Path, IReadOnlyList<string> Companions)
{
    /// <summary>No key store is larger; ten thousand certificates with their keys take a third of it.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>What an absent companion holds: nothing, and not as one that is empty.</summary>
    public static readonly byte[] Absent = (byte[])Array.CreateInstance(typeof(byte), 0);

    /// <summary>Tells when one of the files changes; cheap, as no file is read.</summary>
    public FileStamp Stamp() => FileStamp.Of(Companions.Prepend(Path));

    /// <summary>
    /// True when a file or folder is known to be absent: what is above it is there and does not name it. A link that leads nowhere, and a
    /// folder that cannot be looked into, say nothing about what was in the file.
    /// </summary>
    public static bool IsGone(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return false;
        }
        catch (FileNotFoundException)
        {
            return Directory.Exists(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads the file and its companions; an absent companion is empty.</summary>
    /// <param name="current">The file that is being read, for when it cannot be.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be read.</exception>
    public IReadOnlyList<byte[]> ReadAll(ref string current)
    {
        var contents = new List<byte[]>(Companions.Count + 1) { RegularFile.Read(current = Path, MaxBytes) };
        foreach (var companion in Companions)
        {
            contents.Add(File.Exists(current = companion) ? RegularFile.Read(companion, MaxBytes) : Absent);
        }

        return contents;
    }
}
