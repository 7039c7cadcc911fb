using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Finding;

/// <summary>A certificate with its chain and its private key in PEM, in one file or two, read again whenever they change.</summary>
public sealed class PemPair : IOwnCertificateSource
{
    private const string KeyRemedy = "Name the file of the key with \"key\"";

    private readonly FileWatch<OwnCertificate> _watch;

    private PemPair(FileWatchPlan<OwnCertificate> plan, TimeProvider time)
    {
        Name = plan.Source;
        _watch = new FileWatch<OwnCertificate>(plan, time);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public IReadOnlyList<OwnCertificate> All => _watch.Snapshot.All;

    /// <inheritdoc />
    public long Version => _watch.Version;

    /// <inheritdoc />
    public IReadOnlyList<SourceProblem> Problems => _watch.Snapshot.Problems;

    /// <summary>Reads the files; whatever is wrong with them stands in <see cref="Problems"/>.</summary>
    /// <param name="name">The configured name of the source.</param>
    /// <param name="certificatePath">The certificate, followed by its issuers where they are to be sent along.</param>
    /// <param name="keyPath">The private key; null when it stands in the file of the certificate.</param>
    /// <param name="password">The password of the key, or null.</param>
    /// <param name="time">The clock.</param>
    public static PemPair Open(string name, string certificatePath, string? keyPath, SecretReader? password, TimeProvider time)
    {
        string[] keys = keyPath is null ? [] : [keyPath];
        var file = new WatchedFile(certificatePath, [.. keys, .. SecretReader.FilesOf(password)]);
        var plan = new FileWatchPlan<OwnCertificate>(
            name,
            [.. file.Companions.Prepend(certificatePath).Select(place => Path.GetDirectoryName(Path.GetFullPath(place))!).Distinct()],
            _ => [file],
            (_, contents) => Read(name, certificatePath, keyPath, [.. contents.Take(1 + keys.Length)], password));
        return new PemPair(plan, time);
    }

    /// <summary>Looks now whether the files changed.</summary>
    public void LookNow() => _watch.LookNow();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(string address, CancellationToken cancellationToken)
        => ValueTask.FromResult(_watch.Snapshot.Find(address));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private static FileReading<OwnCertificate> Read(string name, string certificatePath, string? keyPath, IReadOnlyList<byte[]> files, SecretReader? password)
    {
        if (!SecretReader.Try(password, out var secret, out var reason))
        {
            return FileReading<OwnCertificate>.Failed(new SourceProblem(name, certificatePath, reason, SecretReader.RemedyOf(password)));
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
        var reading = PemReader.Read(name, [.. files.Zip(paths, (content, path) => (path!, content))], secret, KeyRemedy);
        return reading is { Held.Count: 0, Problems.Count: 0 }
            ? FileReading<OwnCertificate>.Failed(new SourceProblem(name, keyPath ?? certificatePath, "there is no private key for the certificate", KeyRemedy))
            : reading;
    }
}
