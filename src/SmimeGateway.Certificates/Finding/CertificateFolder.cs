using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Finding;

/// <summary>
/// A folder of *.pfx, *.p12 and *.pem files; files that come, change or go are noticed. The key of NAME.pem may stand in NAME.key; a file
/// NAME.password, or NAME.p12.password, holds the password of that one file.
/// </summary>
public sealed class CertificateFolder : WatchedCertificates, IOwnCertificateSource
{
    private CertificateFolder(FileWatchPlan<OwnCertificate> plan, TimeProvider time)
        : base(plan, time)
    {
    }

    /// <summary>Reads the folder; whatever is wrong with it stands in <see cref="WatchedCertificates.Problems"/>.</summary>
    /// <param name="name">The configured name of the source.</param>
    /// <param name="folder">The folder; it need not exist yet.</param>
    /// <param name="password">The password of all files that have none of their own, or null.</param>
    /// <param name="time">The clock.</param>
    public static CertificateFolder Open(string name, string folder, SecretReader? password, TimeProvider time)
    {
        var path = Path.GetFullPath(folder);
        return new CertificateFolder(
            new FileWatchPlan<OwnCertificate>(
                name, [path], problems => List(name, path, password, problems), (file, contents) => Read(name, password, file, contents)),
            time);
    }

    /// <inheritdoc />
    public void AcceptLoss() => Watch.AcceptLoss();

    private static List<WatchedFile>? List(string name, string folder, SecretReader? password, List<SourceProblem> problems)
    {
        if (SourceFolder.List(name, folder, path => IsPem(path) || IsPkcs12(path) || IsUnread(path), problems) is not { } files)
        {
            return null;
        }

        foreach (var path in files.Where(IsUnread))
        {
            problems.Add(new SourceProblem(
                name, path, "a certificate with its key beside it is read from a file that ends in .pem", "Rename it to .pem; if it is DER: openssl x509 -inform DER -in OLD -out NEW.pem"));
        }

        return files.Where(path => !IsUnread(path))
            .Select(path => new WatchedFile(
                path, [Path.ChangeExtension(path, ".key"), .. SourceFolder.PasswordFiles(path), .. SecretReader.FilesOf(password)]))
            .ToList();
    }

    private static FileReading<OwnCertificate> Read(string name, SecretReader? common, WatchedFile file, IReadOnlyList<byte[]> contents)
    {
        var password = SourceFolder.PasswordFiles(file.Path).FirstOrDefault(File.Exists) is { } own ? SecretReader.FromFile(own) : common;
        if (!SecretReader.Try(password, out var secret, out var reason))
        {
            return FileReading<OwnCertificate>.Failed(new SourceProblem(name, file.Path, reason, password!.Remedy));
        }

        if (!IsPem(file.Path))
        {
            return Pkcs12Reader.Read(name, file.Path, contents[0], secret, FileNaming.Folder);
        }

        var key = file.Companions[0];
        (string Path, byte[] Content)[] files = [(file.Path, contents[0]), (key, contents[1])];
        return PemReader.Read(
            name,
            contents[1].Length > 0 || File.Exists(key) ? files : files[..1],
            secret,
            FileNaming.Folder,
            $"Put it into {Path.GetFileName(key)} beside it, or take the file away");
    }

    // What OpenSSL and authorities call it: somebody wants to sign with it, and it would be passed over without a word.
    private static bool IsUnread(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".CRT" or ".CER" or ".CERT" or ".DER" && File.Exists(Path.ChangeExtension(path, ".key"))
        && !File.Exists(Path.ChangeExtension(path, ".pem"));

    private static bool IsPem(string path) => path.EndsWith(".pem", StringComparison.OrdinalIgnoreCase);

    private static bool IsPkcs12(string path)
        => path.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".p12", StringComparison.OrdinalIgnoreCase);
}
