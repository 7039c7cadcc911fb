using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Finding;

/// <summary>A PKCS #12 file with any number of certificates and keys, read again whenever it changes.</summary>
public sealed class Pkcs12File : IOwnCertificateSource
{
    private readonly FileWatch<OwnCertificate> _watch;

    private Pkcs12File(FileWatchPlan<OwnCertificate> plan, TimeProvider time)
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

    /// <summary>Reads the file; whatever is wrong with it stands in <see cref="Problems"/>.</summary>
    public static Pkcs12File Open(string name, string path, SecretReader? password, TimeProvider time)
    {
        var file = new WatchedFile(path, SecretReader.FilesOf(password));
        var plan = new FileWatchPlan<OwnCertificate>(
            name,
            [.. file.Companions.Prepend(path).Select(place => Path.GetDirectoryName(Path.GetFullPath(place))!).Distinct()],
            _ => [file],
            (_, contents) => SecretReader.Try(password, out var secret, out var reason)
                ? Pkcs12Reader.Read(name, path, contents[0], secret)
                : FileReading<OwnCertificate>.Failed(new SourceProblem(name, path, reason, SecretReader.RemedyOf(password))));
        return new Pkcs12File(plan, time);
    }

    /// <summary>Looks now whether the file changed.</summary>
    public void LookNow() => _watch.LookNow();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(string address, CancellationToken cancellationToken)
        => ValueTask.FromResult(_watch.Snapshot.Find(address));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _watch.DisposeAsync();
}
