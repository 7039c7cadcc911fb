using System.Text;
using System.Text.Json;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Files;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Accepting.Users;

/// <summary>The users of a listener and what is kept of their passwords: a JSON object with a <see cref="UserRecord"/> for each name.</summary>
public static class UserFile
{
    // A hundred thousand users fit; more belong into a directory.
    private const int MaxBytes = 32 * 1024 * 1024;
    private const int MaxNameLength = 128;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is wrong with a name, in half a sentence, or null.</summary>
    public static string? FindFault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is 0 or > MaxNameLength ? $"a name has 1 to {MaxNameLength} characters"
            : name.Any(char.IsControl) ? "a name has no control characters"
            : name.Trim().Length != name.Length ? "a name neither begins nor ends with a blank"
            : !name.IsNormalized(NormalizationForm.FormKC) ? "a name is written with ordinary characters"
            : null;
    }

    /// <summary>Reads the users. Names ignore case; a file that is not there has none.</summary>
    /// <exception cref="FormatException">The content is not that of such a file; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static IReadOnlyDictionary<string, ScramCredentials> Read(string path)
    {
        byte[] content;
        try
        {
            using var file = RegularFile.Open(path);
            if (file.Length > MaxBytes)
            {
                throw new FormatException($"it is larger than {MaxBytes} bytes");
            }

            content = new byte[file.Length];
            file.ReadExactly(content);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Dictionary<string, ScramCredentials>();
        }

        return Parse(content);
    }

    /// <summary>Writes the users in place of those the file has, durably, and readable for its owner alone.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, ScramCredentials> users)
    {
        ArgumentNullException.ThrowIfNull(users);
        var lines = new SortedDictionary<string, string>(users.ToDictionary(user => user.Key, user => UserRecord.Write(user.Value)), StringComparer.Ordinal);
        DurableFile.ReplaceSecret(path, [.. JsonSerializer.SerializeToUtf8Bytes(lines, Readable), (byte)'\n']);
    }

    private static Dictionary<string, ScramCredentials> Parse(byte[] content)
    {
        var users = new Dictionary<string, ScramCredentials>(StringComparer.OrdinalIgnoreCase);
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 2, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("it is no JSON object of users");
            }

            foreach (var user in document.RootElement.EnumerateObject())
            {
                if (FindFault(user.Name) is { } fault)
                {
                    throw new FormatException(fault);
                }

                // The value is half a secret, and is not shown.
                if (user.Value.ValueKind != JsonValueKind.String || !UserRecord.TryRead(user.Value.GetString()!, out var credentials))
                {
                    throw new FormatException($"what stands for the password of \"{user.Name}\" was not written by \"smimegateway user add\"");
                }

                if (!users.TryAdd(user.Name, credentials))
                {
                    throw new FormatException($"the user \"{user.Name}\" is there twice; names ignore case");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("it is no JSON object of users", exception);
        }

        return users;
    }
}
