using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Files;

/// <summary>Folders whose own names survive a power cut: a file that was flushed is lost with the folder it is in.</summary>
public static class DurableFolder
{
    /// <summary>Makes a folder and those above it where they do not exist, and returns once their names are on stable storage.</summary>
    /// <exception cref="IOException">It cannot be made, or its name may not be stored.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder above it must not be written.</exception>
    public static void Create(string path)
    {
        var missing = new Stack<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Push(folder);
        }

        foreach (var folder in missing)
        {
            Directory.CreateDirectory(folder);
            FlushNameOf(folder);
        }
    }

    /// <summary>Returns once the name of a folder that was just made is on stable storage.</summary>
    internal static void FlushNameOf(string folder)
    {
        if (Path.GetDirectoryName(folder) is { } parent)
        {
            DirectoryFlush.Flush(parent);
        }
    }
}
