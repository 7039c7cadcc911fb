using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Certificates.Finding.Seen;

/// <summary>
/// The folder of certificates that signed mail brought along, one file for each address and certificate. The names are digests of both, so
/// that the names alone tell where an address is to be looked for, and no address leads out of the folder; the time of a file is when the
/// newest message was signed that brought the certificate, so that it costs no writing to remember it over a restart.
/// </summary>
internal sealed class SeenFolder
{
    private const string Extension = ".pem";
    private const int DigestLetters = 32;
    private const int NameLength = (2 * DigestLetters) + 1;
    private const long MaxBytes = 1024 * 1024;

    private readonly string _path;
    private PrivateFolder? _written;

    /// <summary>Names the folder; it is made when the first certificate is kept.</summary>
    public SeenFolder(string path) => _path = path;

    /// <summary>Where it is.</summary>
    public string Location => _path;

    /// <summary>The part of the name that stands for an address.</summary>
    public static string DigestOf(string address) => Digest(Encoding.UTF8.GetBytes(address));

    /// <summary>The name for an address and a certificate.</summary>
    public static string NameOf(string address, ReadOnlySpan<byte> certificate) => $"{DigestOf(address)}-{Digest(certificate)}";

    /// <summary>The part of a name that stands for the address.</summary>
    public static string AddressPartOf(string name) => name[..DigestLetters];

    /// <summary>Where the file of a name is.</summary>
    public string PathOf(string name) => Path.Combine(_path, name + Extension);

    /// <summary>The names in the folder, with the time of each.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be listed.</exception>
    public IReadOnlyList<(string Name, DateTimeOffset Signed)> List()
        => WatchedFile.IsGone(_path) || WatchedFile.IsGone(Path.GetDirectoryName(_path)!) ? [] : [.. new DirectoryInfo(_path).EnumerateFiles("*" + Extension)
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file.Name), Signed: new DateTimeOffset(file.LastWriteTimeUtc)))
            .Where(file => file.Name.Length == NameLength && file.Name[DigestLetters] == '-')];

    /// <summary>When the file of a name was last written; null when it is not there.</summary>
    /// <exception cref="IOException">Nobody can tell whether it is there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nobody may tell whether it is there.</exception>
    public DateTimeOffset? FindStamp(string name)
    {
        var file = new FileInfo(PathOf(name));
        return file.Exists ? new DateTimeOffset(file.LastWriteTimeUtc)
            : WatchedFile.IsGone(file.FullName) || !Directory.Exists(_path) ? null
            : throw new IOException($"{file.FullName} cannot be looked at");
    }

    /// <summary>Reads the file of a name; null when it is not there or damaged.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public SeenRecord? Read(string name)
    {
        var file = new FileInfo(PathOf(name));
        return file.Exists && file.Length <= MaxBytes ? SeenRecord.TryRead(RegularFile.Read(file.FullName, (int)MaxBytes)) : null;
    }

    /// <summary>Writes a file, durably, in place of an older one; false, and nothing is written, when it would be too large to be read.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written.</exception>
    public bool TryWrite(string name, SeenRecord record, DateTimeOffset signed)
    {
        var content = record.Encode();
        if (content.Length > MaxBytes)
        {
            return false;
        }

        _written ??= new PrivateFolder(_path, isWritten: true);
        _written.Publish(name + Extension, content);
        Touch(name, signed);
        return true;
    }

    /// <summary>Gives a file another time.</summary>
    /// <exception cref="IOException">The file is not there, or cannot be changed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be changed.</exception>
    public void Touch(string name, DateTimeOffset signed) => File.SetLastWriteTimeUtc(PathOf(name), signed.UtcDateTime);

    /// <summary>Removes a file.</summary>
    /// <exception cref="IOException">The file cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be removed.</exception>
    public void Remove(string name) => File.Delete(PathOf(name));

    private static string Digest(ReadOnlySpan<byte> value) => Convert.ToHexStringLower(SHA256.HashData(value).AsSpan(0, DigestLetters / 2));
}
