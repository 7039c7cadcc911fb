using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Certificates.Finding;

/// <summary>Reads a secret from where it is kept: a file or an environment variable, never the configuration itself.</summary>
public sealed class SecretReader
{
    /// <summary>A secret is a password or a token; a larger file is the wrong one.</summary>
    private const int MaxBytes = 64 * 1024;

    private static readonly (byte[] Mark, Encoding Encoding)[] Marked =
    [
        ([0xEF, 0xBB, 0xBF], new UTF8Encoding(false, throwOnInvalidBytes: true)),
        ([0xFF, 0xFE], new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true)),
        ([0xFE, 0xFF], new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true)),
        ([], new UTF8Encoding(false, throwOnInvalidBytes: true)),
    ];

    private readonly string? _file;
    private readonly string? _environmentVariable;

    /// <summary>A secret in exactly one of a file and an environment variable.</summary>
    public SecretReader(string? file, string? environmentVariable)
    {
        if (file is null == environmentVariable is null)
        {
            throw new ArgumentException("A secret is kept in exactly one place: a file or an environment variable.", nameof(file));
        }

        _file = file;
        _environmentVariable = environmentVariable;
    }

    /// <summary>True for a secret that is a text of several lines, and no password.</summary>
    public bool HasLines { get; init; }

    /// <summary>A secret that is the content of a file, without its final line end.</summary>
    public static SecretReader FromFile(string path) => new(path, null);

    /// <summary>A secret in an environment variable.</summary>
    public static SecretReader FromEnvironment(string name) => new(null, name);

    /// <summary>Reads the secret anew; the reason names the place, never the content.</summary>
    public bool TryRead([NotNullWhen(true)] out string? secret, [NotNullWhen(false)] out string? reason)
    {
        secret = null;
        reason = null;
        if (_environmentVariable is not null)
        {
            secret = Environment.GetEnvironmentVariable(_environmentVariable);
            var fault = secret is null ? "is not set" : secret.Length == 0 ? "is empty" : FindFault(secret);
            reason = fault is null ? null : $"the environment variable {_environmentVariable}, which holds the password, {fault}";
            return reason is null;
        }

        try
        {
            using var file = RegularFile.Open(_file!);
            if (file.Length > MaxBytes)
            {
                reason = $"the password file {_file} is larger than {MaxBytes} bytes";
                return false;
            }

            // Editors end a file with a line end that is not part of the password; blanks may be.
            var octets = new byte[file.Length];
            secret = Decode(octets.AsSpan(0, file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)))?.TrimEnd('\r', '\n');
            var fault = secret is null ? "is not UTF-8" : secret.Length == 0 ? "is empty" : FindFault(secret);
            reason = fault is null ? null : $"the password file {_file} {fault}";
            return reason is null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reason = Directory.Exists(_file) ? $"a folder stands where the password file {_file} should be"
                : exception is FileNotFoundException or DirectoryNotFoundException
                ? $"the password file {_file} does not exist"
                : $"the password file {_file} cannot be read";
            return false;
        }
    }

    // Octets of another encoding would become characters that nobody chose, and those would go out as the password. Programs of Windows mark theirs.
    private static string? Decode(ReadOnlySpan<byte> octets)
    {
        foreach (var (mark, encoding) in Marked)
        {
            if (octets.StartsWith(mark))
            {
                try
                {
                    return encoding.GetString(octets[mark.Length..]);
                }
                catch (DecoderFallbackException)
                {
                    return null;
                }
            }
        }

        return null;
    }

    // The system has replaced by that character what is no text in a variable.
    private string? FindFault(string secret)
    {
        if (secret.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return "is not UTF-8";
        }

        var letters = HasLines ? secret.Where(letter => letter is not ('\r' or '\n' or '\t')) : secret;
        return letters.Where(char.IsControl).Select(letter => string.Create(CultureInfo.InvariantCulture, $"holds a control character (U+{(int)letter:X4})")).FirstOrDefault();
    }

    /// <summary>Reads a secret that need not be configured; null when it is not.</summary>
    internal static bool Try(SecretReader? reader, out string? secret, [NotNullWhen(false)] out string? reason)
    {
        secret = null;
        reason = null;
        return reader is null || reader.TryRead(out secret, out reason);
    }

    /// <summary>What to do where it cannot be read.</summary>
    public string Remedy => _environmentVariable is null
        ? "Put the password there, where the gateway's user may read it"
        : "Set it for the service, and restart it: a process that runs sees no new variables";

    /// <summary>The files whose change changes the secret.</summary>
    internal static IReadOnlyList<string> FilesOf(SecretReader? reader) => reader?._file is { } file ? [file] : [];

    /// <summary>The place, without the secret.</summary>
    public override string ToString() => _file ?? $"${_environmentVariable}";
}
