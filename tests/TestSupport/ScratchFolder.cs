namespace SmimeGateway.TestSupport;

/// <summary>
/// A folder under /tmp that other users may enter, as private instances of Postfix and the agents of GnuPG need it: short, so that
/// socket paths below it stay within 108 octets. Gone with everything in it when disposed.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    /// <summary>Makes the folder.</summary>
    public ScratchFolder()
    {
        Path = System.IO.Path.Combine("/tmp", "sg-" + Guid.NewGuid().ToString("N")[..12]);
        Directory.CreateDirectory(Path);
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Writes a file and returns its path; missing folders are made.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        using var stream = File.Create(file);
        stream.Write(content);
        return file;
    }

    /// <summary>Writes a text file and returns its path.</summary>
    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // A daemon that is just ending may still write; what stays under /tmp harms no later run.
        }
    }
}
