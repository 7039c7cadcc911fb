using System.Runtime.InteropServices;

namespace SmimeGateway.Certificates.Files;

/// <summary>A folder for private keys: only its owner may enter, and a file in it is either there completely or not at all.</summary>
internal sealed partial class PrivateFolder
{
    private const UnixFileMode OwnerOnlyFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ReadableFile = OwnerOnlyFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes the folder where it does not exist, and takes the rights of others away where it does.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="isWritten">False to leave the disk as it is, so that files can only be read.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to somebody else.</exception>
    public PrivateFolder(string path, bool isWritten)
    {
        Path = path;
        if (!isWritten)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        var isNew = !Directory.Exists(path);
        Directory.CreateDirectory(path, OwnerOnlyFolder);
        if (isNew)
        {
            DirectoryFlush.TryFlush(System.IO.Path.GetDirectoryName(path)!);
        }
        else if (File.GetUnixFileMode(path) != OwnerOnlyFolder)
        {
            File.SetUnixFileMode(path, OwnerOnlyFolder);
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Writes a file that only the owner may read, durably; false when another process was first, whose file then stays.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public bool TryAdd(string name, string content) => Write(name, content, OwnerOnlyFile, overwrite: false);

    /// <summary>Writes a file that everybody may read, durably, in place of an older one.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Publish(string name, ReadOnlySpan<byte> content) => Write(name, content, ReadableFile, overwrite: true);

    private bool Write(string name, string content, UnixFileMode mode, bool overwrite)
        => Write(name, System.Text.Encoding.ASCII.GetBytes(content), mode, overwrite);

    private bool Write(string name, ReadOnlySpan<byte> content, UnixFileMode mode, bool overwrite)
    {
        var unfinished = this[$".{Guid.NewGuid():N}.tmp"];
        try
        {
            // The mode is set as the file is made: at no moment can others open a file that will hold a key.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = mode;
            }

            using (var stream = new FileStream(unfinished, options))
            {
                stream.Write(content);

                // Flush before rename: after a power cut the name must not lead to an empty file.
                stream.Flush(flushToDisk: true);
            }

            return Rename(unfinished, this[name], overwrite);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private bool Rename(string from, string to, bool overwrite)
    {
        // A link is made only where nothing stands; a rename would replace the file of a process that was first.
        if (overwrite || OperatingSystem.IsWindows() || Link(from, to) != 0)
        {
            if (!overwrite && File.Exists(to))
            {
                return false;
            }

            // Also for file systems that know no links, where two processes must not start in the same instant.
            File.Move(from, to, overwrite);
        }

        DirectoryFlush.TryFlush(Path);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);
}
