using System.Security.Cryptography;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Files;

namespace SmimeGateway.Accepting.Users;

/// <summary>
/// The key by which salts of users are made up whom nobody knows. It outlives the process: a salt that another start changes would tell a name that
/// is made up from one that is not.
/// </summary>
internal static class InventionKey
{
    private const int Octets = 32;

    /// <summary>Its place below the data folder.</summary>
    public const string Name = "logins.key";

    /// <summary>Reads it, or makes it where there is none, or no whole one.</summary>
    /// <exception cref="IOException">It can be neither read nor written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must be neither read nor written.</exception>
    public static ReadOnlyMemory<byte> In(string dataFolder)
    {
        var path = Path.Combine(dataFolder, Name);
        if (File.Exists(path) && RegularFile.Read(path, maxBytes: 4096) is { Length: Octets } kept)
        {
            return kept;
        }

        var made = RandomNumberGenerator.GetBytes(Octets);
        DurableFile.ReplaceSecret(path, made);
        return made;
    }
}
