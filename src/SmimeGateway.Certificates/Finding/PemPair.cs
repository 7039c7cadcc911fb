using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Finding;

/// <summary>A certificate with its chain and its private key in PEM, in one file or two, read again whenever they change.</summary>
public sealed class PemPair : WatchedCertificates
{
    private const string KeyRemedy = "Name the file of the key with \"key\"";

    private PemPair(FileWatchPlan<OwnCertificate> plan, TimeProvider time)
        : base(plan, time)
    {
    }

    /// <summary>Reads the files; whatever is wrong with them stands in <see cref="WatchedCertificates.Problems"/>.</summary>
    /// <param name="name">The configured name of the source.</param>
    /// <param name="certificatePath">The certificate, followed by its issuers where they are to be sent along.</param>
    /// <param name="keyPath">The private key; null when it stands in the file of the certificate.</param>
    /// <param name="password">The password of the key, or null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="naming">How the configuration comes to the files.</param>
    public static PemPair Open(
        string name, string certificatePath, string? keyPath, SecretReader? password, TimeProvider time, FileNaming naming = FileNaming.Source)
    {
        string[] keys = keyPath is null ? [] : [keyPath];
        var file = new WatchedFile(certificatePath, [.. keys, .. SecretReader.FilesOf(password)]);
        var plan = new FileWatchPlan<OwnCertificate>(
            name,
            [.. file.Companions.Prepend(certificatePath).Select(place => Path.GetDirectoryName(Path.GetFullPath(place))!).Distinct()],
            _ => [file],
            (_, contents) => Read(name, certificatePath, keyPath, [.. contents.Take(1 + keys.Length)], password, naming))
        {
            Naming = naming,
        };
        return new PemPair(plan, time);
    }

    private static FileReading<OwnCertificate> Read(
        string name, string certificatePath, string? keyPath, IReadOnlyList<byte[]> files, SecretReader? password, FileNaming naming)
    {
        if (!SecretReader.Try(password, out var secret, out var reason))
        {
            return FileReading<OwnCertificate>.Failed(new SourceProblem(name, certificatePath, reason, password!.Remedy));
        }

        if (keyPath is not null && Directory.Exists(keyPath))
        {
            return FileReading<OwnCertificate>.Failed(new SourceProblem(name, keyPath, "a folder stands where the file should be", "Name the file of the key"));
        }

        if (keyPath is not null && !File.Exists(keyPath))
        {
            var missing = FileReading<OwnCertificate>.Failed(new SourceProblem(name, keyPath, "the file does not exist", "Put it there, or correct the path"));
            return missing with { IsGone = WatchedFile.IsGone(keyPath) };
        }

        string?[] paths = [certificatePath, keyPath];
        var reading = PemReader.Read(name, [.. files.Zip(paths, (content, path) => (path!, content))], secret, naming, KeyRemedy);
        return reading is { Held.Count: 0, Problems.Count: 0 }
            ? FileReading<OwnCertificate>.Failed(new SourceProblem(name, keyPath ?? certificatePath, "there is no private key for the certificate", KeyRemedy))
            : reading;
    }
}
