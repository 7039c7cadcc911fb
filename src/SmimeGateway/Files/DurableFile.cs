using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Files;

/// <summary>Writes files completely or not at all, so that neither a reader nor a power cut meets half of one.</summary>
public static class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes the file in place of an older one, for whom new files are meant here, and returns once it and its name are on stable storage.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content) => Replace(path, content, mode: null);

    /// <summary>The same with a file that only its owner may read.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written.</exception>
    public static void ReplaceSecret(string path, ReadOnlySpan<byte> content) => Replace(path, content, OwnerOnly);

    private static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        DurableFolder.Create(folder);

        // Hidden, which the watches of folders take for unfinished.
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            // The mode is set as the file is made: at no moment can others open it.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = mode;
            }

            using (var stream = new FileStream(unfinished, options))
            {
                stream.Write(content);

                // Flush before rename: after a power cut the name must not lead to an empty file.
                FileFlush.Flush(stream.SafeFileHandle);
            }

            File.Move(unfinished, path, overwrite: true);
            DirectoryFlush.Flush(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && exception.Message.Contains(unfinished, StringComparison.Ordinal))
        {
            // Who reads this named the file, and knows nothing of the other name.
            var message = exception.Message.Replace(unfinished, path, StringComparison.Ordinal);
            throw exception is IOException ? new IOException(message, exception) : new UnauthorizedAccessException(message, exception);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
