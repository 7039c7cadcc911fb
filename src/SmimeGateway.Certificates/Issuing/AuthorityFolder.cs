using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Issuing;

/// <summary>
/// Where an authority keeps what it made: <c>authority.pem</c> (root and its key), <c>root.pem</c> and <c>root.cer</c> (the root, to be handed
/// to recipients), and <c>issued/ADDRESS-N.pem</c> (a certificate and its key, or two of them, N counting from 1).
/// </summary>
internal sealed class AuthorityFolder
{
    internal const string RootWithKey = "authority.pem";
    internal const string PublishedRoot = "root.pem";
    private const int MaxNameLength = 150;

    private readonly string _source;
    private readonly PrivateFolder _folder;
    private readonly PrivateFolder _issued;
    private readonly bool _isWritten;

    /// <summary>Makes the folders where they do not exist, unless nothing is to be written.</summary>
    public AuthorityFolder(string source, string path, bool isWritten)
    {
        _source = source;
        _isWritten = isWritten;
        _folder = new PrivateFolder(path, isWritten);
        _issued = new PrivateFolder(_folder["issued"], isWritten);
    }

    /// <summary>The root in PEM, without its key.</summary>
    public string RootFile => _folder[PublishedRoot];

    /// <summary>The root with its private key; made now when there is none.</summary>
    /// <exception cref="SourceUnreachableException">The file of the root is damaged.</exception>
    public X509Certificate2 OpenRoot(Func<X509Certificate2> make)
    {
        var path = _folder[RootWithKey];
        if (!File.Exists(path))
        {
            if (File.Exists(RootFile) || (Directory.Exists(_issued.Path) && Directory.EnumerateFiles(_issued.Path).Any()))
            {
                // Another authority would make strangers of everybody who trusts this one.
                throw new SourceUnreachableException(
                    $"{path}, the root of the authority and its key, is gone, and what it issued is still there. Put it back from a backup, or move the folder away so that a new authority is made");
            }

            // Another process may be first; its root is the one that counts, so the file is read back in any case.
            using var made = make();
            if (!_isWritten)
            {
                return Read(path, Encode(made)).Held.Single().Certificate;
            }

            _folder.TryAdd(RootWithKey, Encode(made));
        }

        var reading = PemReader.Read(_source, path, File.ReadAllBytes(path), password: null, FileNaming.Kept);
        if (reading.Held is not [{ Traits.IsAuthority: true, JoinedKeyFault: null } root])
        {
            throw new SourceUnreachableException(
                $"{path}, the root of the authority, is damaged. Put back a copy of it, or move the folder away so that a new authority is made");
        }

        Publish(root.Certificate);
        return root.Certificate;
    }

    /// <summary>Reads all certificates that were issued, side by side.</summary>
    public IReadOnlyList<FileReading<OwnCertificate>> ReadIssued() =>
        !Directory.Exists(_issued.Path) ? [] : [.. Directory.EnumerateFiles(_issued.Path, "*.pem")
            .AsParallel()
            .Select(Read)];

    /// <summary>Stores certificates with their keys under the first free number, and returns what then stands there for the address.</summary>
    public IReadOnlyList<OwnCertificate> Add(string address, string content)
    {
        var name = FileNameOf(address);
        if (!_isWritten)
        {
            return Read("(not kept)", content).Held;
        }

        for (var number = 1; ; number++)
        {
            var file = $"{name}-{number}.pem";
            if (_issued.TryAdd(file, content))
            {
                return Read(_issued[file]).Held;
            }
        }
    }

    /// <summary>The certificates that another process issued for an address meanwhile.</summary>
    /// <exception cref="SourceUnreachableException">There is one that cannot be read.</exception>
    public IReadOnlyList<OwnCertificate> Reread(string address)
    {
        var name = FileNameOf(address);
        var found = new List<OwnCertificate>();
        for (var number = 1; File.Exists(_issued[$"{name}-{number}.pem"]); number++)
        {
            // One that is damaged is followed by another. One that cannot be read now may be good, and is waited for.
            var reading = Read(_issued[$"{name}-{number}.pem"]);
            if (reading.Problems.FirstOrDefault(problem => problem.Conceals) is { } problem)
            {
                throw new SourceUnreachableException($"{problem.Location}: {problem.Reason}");
            }

            found.AddRange(reading.Held);
        }

        return found;
    }

    /// <summary>The address with everything but letters, digits and a few signs escaped, so that no address leads out of the folder.</summary>
    internal static string FileNameOf(string address)
    {
        var name = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(address))
        {
            _ = char.IsAsciiLetterOrDigit((char)octet) || (octet is (byte)'@' or (byte)'_' or (byte)'-') || (octet == '.' && name.Length > 0)
                ? name.Append((char)octet)
                : name.Append(CultureInfo.InvariantCulture, $"%{octet:x2}");
        }

        // A file name has 255 octets at most; the digest keeps long addresses apart.
        return name.Length <= MaxNameLength
            ? name.ToString()
            : name.ToString(0, MaxNameLength) + "%" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)).AsSpan(0, 16));
    }

    private static string Encode(X509Certificate2 certificate)
    {
        using var key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey();
        return certificate.ExportCertificatePem() + "\n" + key!.ExportPkcs8PrivateKeyPem() + "\n";
    }

    private FileReading<OwnCertificate> Read(string location, string content) =>
        PemReader.Read(_source, location, Encoding.ASCII.GetBytes(content), password: null, FileNaming.Kept);

    private FileReading<OwnCertificate> Read(string path)
    {
        try
        {
            var reading = PemReader.Read(_source, path, File.ReadAllBytes(path), password: null, FileNaming.Kept);
            return reading with { Problems = [.. reading.Problems.Select(problem => problem with { Conceals = false })] };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FileReading<OwnCertificate>.Failed(new SourceProblem(_source, path, "the file cannot be read", "Check its rights and its disk"));
        }
    }

    private void Publish(X509Certificate2 root)
    {
        // Only when it is missing or another one: a start must not write to a disk that is full.
        var pem = root.ExportCertificatePem() + "\n";
        if (!_isWritten)
        {
            return;
        }

        if (!File.Exists(RootFile) || File.ReadAllText(RootFile) != pem || !File.Exists(_folder["root.cer"]))
        {
            _folder.Publish(PublishedRoot, Encoding.ASCII.GetBytes(pem));
            _folder.Publish("root.cer", root.RawDataMemory.Span);
        }
    }
}
