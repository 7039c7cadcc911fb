namespace SmimeGateway.Certificates.Finding;

/// <summary>Own certificates in files that are read again whenever they change.</summary>
public abstract class WatchedCertificates : IOwnCertificateSource
{
    private protected WatchedCertificates(FileWatchPlan<OwnCertificate> plan, TimeProvider time) =>
        Watch = new FileWatch<OwnCertificate>(plan, time);

    /// <inheritdoc />
    public string Name => Watch.Source;

    /// <inheritdoc />
    public IReadOnlyList<OwnCertificate> All => Watch.Snapshot.All;

    /// <inheritdoc />
    public long Version => Watch.Version;

    /// <summary>Whatever is wrong with the files.</summary>
    public IReadOnlyList<SourceProblem> Problems => Watch.Snapshot.Problems;

    private protected FileWatch<OwnCertificate> Watch { get; }

    /// <summary>Looks now whether the files changed, without waiting for a notification.</summary>
    public void LookNow() => Watch.LookNow();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(string address, CancellationToken cancellationToken)
        => ValueTask.FromResult(Watch.Snapshot.Find(address));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
