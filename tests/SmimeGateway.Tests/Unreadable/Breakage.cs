namespace SmimeGateway.Tests.Unreadable;

/// <summary>Ways to make files and folders unreadable that work for root as well, who may read everything.</summary>
internal static class Breakage
{
    private static readonly Dictionary<string, Action<string>> Ways = new(StringComparer.Ordinal)
    {
        ["folder"] = BreakFolder,
        ["gone"] = TakeFolder,
        ["unmounted"] = Unmount,
        ["file"] = BreakFile,
        ["truncated"] = Truncate,
        ["other"] = path => Replace(path, "other-word"),
    };

    /// <summary>Breaks a file or folder in one of the ways below.</summary>
    public static void Break(string path, string way) => Ways[way](path);

    /// <summary>Puts in place of a file one whose reading fails on the disk; its name stays.</summary>
    public static void BreakFile(string path)
    {
        File.Move(path, path + "-good");
        File.CreateSymbolicLink(path, "/proc/self/mem");
    }

    /// <summary>Puts in place of a folder one that nobody can look into; its name stays.</summary>
    public static void BreakFolder(string path)
    {
        Directory.Move(path, path + "-good");
        Directory.CreateSymbolicLink(path, path);
    }

    /// <summary>Takes a folder away.</summary>
    public static void TakeFolder(string path) => Directory.Move(path, path + "-good");

    /// <summary>Leaves what a share leaves that is not mounted any more.</summary>
    public static void Unmount(string path)
    {
        Directory.Move(path, path + "-good");
        Directory.CreateDirectory(path);
    }

    /// <summary>Leaves the first half of a file.</summary>
    public static void Truncate(string path)
    {
        File.Copy(path, path + "-good");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^(int)(new FileInfo(path).Length / 2)]);
    }

    /// <summary>Writes another text into a file.</summary>
    public static void Replace(string path, string text)
    {
        File.Move(path, path + "-good");
        File.WriteAllText(path, text);
    }

    /// <summary>Undoes any of these.</summary>
    public static void Mend(string path)
    {
        if (new FileInfo(path) is { LinkTarget: not null } link)
        {
            link.Delete();
        }

        if (Directory.Exists(path + "-good"))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            Directory.Move(path + "-good", path);
        }
        else
        {
            File.Move(path + "-good", path, overwrite: true);
        }
    }
}
