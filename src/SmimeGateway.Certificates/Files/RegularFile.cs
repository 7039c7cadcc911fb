namespace SmimeGateway.Certificates.Files;

/// <summary>
/// Opens files that an administrator names or puts into a folder. What is no regular file is never opened: a pipe keeps whoever opens it waiting
/// until somebody writes, and a device may give octets without an end.
/// </summary>
public static class RegularFile
{
    /// <summary>Why something is not opened.</summary>
    public const string IsNone = "it is a pipe, a socket or a device, and no file";

    /// <summary>Why a folder is not opened.</summary>
    public const string IsFolder = "it is a folder, and no file";

    /// <summary>Opens a file to read it.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be opened.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return IsOne(path)
                ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
                : throw new IOException(IsNone);
        }
        catch (UnauthorizedAccessException exception) when (Directory.Exists(path))
        {
            // The system says so of folders too, and nobody finds the right that would be missing.
            throw new IOException(IsFolder, exception);
        }
    }

    /// <summary>Reads a file as long as it was when it was opened.</summary>
    /// <exception cref="IOException">It cannot be read, is longer than allowed, or is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        using var file = Open(path);
        if (file.Length > maxBytes)
        {
            throw new IOException($"the file is larger than {maxBytes} bytes");
        }

        var bytes = new byte[file.Length];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length == bytes.Length ? bytes : bytes[..length];
    }

    /// <summary>Whether a file, or what a link leads to, is a regular one, or is not there, or the system does not tell.</summary>
    public static bool IsOne(string path) => FileStatus.IsRegularOrAbsent(path);
}
