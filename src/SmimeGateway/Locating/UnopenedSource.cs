using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Locating;

/// <summary>Stands for a source that could not be opened, so that whoever asks it waits.</summary>
internal sealed class UnopenedSource(SourceProblem problem) : IOwnCertificateSource
{
    /// <inheritdoc/>
    public string Name => problem.Source;

    /// <inheritdoc/>
    public IReadOnlyList<OwnCertificate> All => [];

    /// <inheritdoc/>
    public long Version => 0;

    /// <inheritdoc/>
    public IReadOnlyList<SourceProblem> Problems { get; } = [problem];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(string address, CancellationToken cancellationToken)
        => throw new SourceUnreachableException($"{problem.Location}: {problem.Reason}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
