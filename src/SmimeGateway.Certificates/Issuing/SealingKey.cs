using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Issuing;

/// <summary>
/// A key with which the gateway encrypts to itself: certificates with their private keys in one PEM file. The first seals; all of them open, so
/// that a key can be followed by another one.
/// </summary>
public static class SealingKey
{
    private const string FileName = "hold.pem";

    /// <summary>What is sealed may wait for weeks and its backups for years: 3,072 bits (NIST SP 800-57, table 4).</summary>
    private const int KeyBits = 3072;

    /// <summary>A key and its certificate are a few thousand octets; a larger file is the wrong one.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>RFC 5280 section 4.1.2.5: a certificate without an end. It only carries the key, and nobody checks it.</summary>
    private static readonly DateTimeOffset Never = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>The file of the key that the gateway makes in a folder.</summary>
    public static string FileIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>
    /// Reads the key of a folder, and makes it where there is no such folder. It is durable when this returns, and the same for every process that
    /// asks at the same time. A file that cannot be read is never replaced: something may be sealed with it.
    /// </summary>
    /// <param name="folder">The folder; made where it does not exist, for its owner alone.</param>
    /// <param name="isKept">False to leave the disk as it is: a key that is not there is made for this caller alone.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static IReadOnlyList<X509Certificate2> OpenOrMake(string folder, bool isKept, DateTimeOffset now)
    {
        var file = FileIn(folder);
        if (IsThere(folder, file))
        {
            return ReadFile(file);
        }

        var made = Make(now);
        if (!isKept)
        {
            return Read(made, file);
        }

        try
        {
            // When another process was first, its key stays and is the one to read.
            new PrivateFolder(folder, isWritten: true).TryAdd(FileName, made);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }

        return ReadFile(file);
    }

    // What is missing in a folder that was made for it was lost, and what cannot be seen may be there: a new key would open nothing of what is sealed.
    private static bool IsThere(string folder, string file)
    {
        try
        {
            return !Directory.Exists(folder) ? !IsAbsent(folder)
                : Directory.EnumerateFileSystemEntries(folder).Contains(file) ? true
                : throw new IOException(
                    $"{file} is gone, and with it whatever opens the messages that are held. Put it back from a backup; only where nothing is held, remove the folder {folder}, "
                    + "and a new key is made");
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{file} cannot be read: give its folder to the account {Environment.UserName}", exception);
        }
    }

    private static bool IsAbsent(string folder) => Path.GetDirectoryName(folder) is not { } above || !Directory.Exists(above)
        || !Directory.EnumerateFileSystemEntries(above).Contains(folder);

    /// <summary>Reads the certificates with their private keys in a file.</summary>
    /// <exception cref="IOException">It cannot be read, or holds no certificate with its key.</exception>
    public static IReadOnlyList<X509Certificate2> ReadFile(string file)
    {
        try
        {
            return new FileInfo(file).Length <= MaxBytes
                ? Read(File.ReadAllText(file), file)
                : throw new IOException($"{file} is too large for a key");
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{file} cannot be read: give it to the account {Environment.UserName}", exception);
        }
    }

    /// <summary>Reads certificates with their private keys.</summary>
    /// <param name="pem">The text of the file.</param>
    /// <param name="location">The place, for the exception.</param>
    /// <exception cref="IOException">There is no certificate with its key; the message names the place and nothing of the content.</exception>
    public static IReadOnlyList<X509Certificate2> Read(string pem, string location)
    {
        var reading = PemReader.Read("hold", location, Encoding.Latin1.GetBytes(pem), password: null, FileNaming.Kept);
        var opened = reading.Held.Where(own => own.JoinedKeyFault is null).Select(own => own.Certificate).ToList();
        return opened.Count > 0
            ? opened
            : throw new IOException($"{location} cannot be used to seal messages: {Reason(reading)}");
    }

    private static string Reason(FileReading<OwnCertificate> reading) =>
        reading.Problems.Count > 0 ? $"{reading.Problems[0].Reason}. Put the key back from a backup"
            : reading.Held.Count > 0 ? reading.Held[0].JoinedKeyFault!
            : "it holds no certificate with its private key";

    private static string Make(DateTimeOffset now)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest("CN=SmimeGateway held messages", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(IssuedCertificate.Backdate(now), Never);
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }
}
