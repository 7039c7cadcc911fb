using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Certificates.Requesting;

/// <summary>The keys whose certificates have been requested and not yet come: a folder that only its owner may enter.</summary>
public sealed class PendingKeys
{
    private readonly string _path;

    /// <summary>Names the folder; it is made with the first key.</summary>
    public PendingKeys(string path) => _path = path;

    /// <summary>Keeps the key of a request, durably and readable for its owner alone, and returns its file.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to somebody else.</exception>
    public string Keep(SigningRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var folder = new PrivateFolder(_path, isWritten: true);
        var name = FileOf(request.KeyId);
        folder.TryAdd(name, request.KeyPem);
        return folder[name];
    }

    /// <summary>The private key for a certificate that came, in PEM, or null when it is not the answer to any request.</summary>
    /// <exception cref="IOException">The key cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The key belongs to somebody else.</exception>
    public string? Find(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var file = Path.Combine(_path, FileOf(IdOf(certificate.PublicKey)));
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <summary>Forgets the key of a certificate that has been put in place.</summary>
    public void Remove(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        File.Delete(Path.Combine(_path, FileOf(IdOf(certificate.PublicKey))));
    }

    internal static string IdOf(PublicKey key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    private static string FileOf(string id) => id + ".key";
}
