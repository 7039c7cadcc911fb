namespace SmimeGateway.TestSupport;

/// <summary>Finds the third-party test material, which lies beside the checkout and not in it.</summary>
public static class Corpora
{
    /// <summary>The folder of that name below <c>../shared/corpora</c>, looked for upwards from the test binaries, or null.</summary>
    public static string? Folder(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "corpora", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>The bytes of a file as mail has them: LF that no CR precedes becomes CR LF.</summary>
    public static byte[] ReadMail(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var mail = new List<byte>(bytes.Length + bytes.Length / 20);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
            {
                mail.Add((byte)'\r');
            }

            mail.Add(bytes[i]);
        }

        return [.. mail];
    }
}
